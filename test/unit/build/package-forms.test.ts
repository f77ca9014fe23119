import { describe, expect, test } from 'vitest'
import type { Destination } from '../../../src/build-nginx/core/package/destination.ts'
import {
  debianModuleNames,
  formOf,
  packageFlags,
  packageName,
} from '../../../src/build-nginx/core/package/form.ts'
import { oddRpmPath, specText } from '../../../src/build-nginx/core/package/rpm.ts'
import {
  dropInScripts,
  moduleScripts,
  snippets,
} from '../../../src/build-nginx/core/package/scripts/debian.ts'
import {
  serviceScriptlets,
  serviceScripts,
} from '../../../src/build-nginx/core/package/scripts/service.ts'
import { serviceEntries } from '../../../src/build-nginx/core/package/service/files.ts'
import { serviceOf } from '../../../src/build-nginx/core/package/service/service.ts'

const output = (kind: Destination['kind']): Destination => ({ kind, path: '/x' })
const deb = output('deb')

const debian = [
  '--prefix=/usr/share/nginx',
  '--sbin-path=/usr/sbin/nginx',
  '--conf-path=/etc/nginx/nginx.conf',
  '--pid-path=/run/nginx.pid',
  '--modules-path=/usr/lib/nginx/modules',
]
const nginxOrg = [
  '--prefix=/etc/nginx',
  '--sbin-path=/usr/sbin/nginx',
  '--modules-path=/usr/lib/nginx/modules',
  '--conf-path=/etc/nginx/nginx.conf',
]
const opt = packageFlags([], [deb])

describe('the form of a package', () => {
  test.each([
    ['places below /opt, which are the default', 'nginx', opt, true, ['deb'], 'service'],
    ['a prefix of its own', 'nginx', ['--prefix=/srv/nginx'], false, ['deb', 'rpm'], 'service'],
    ["Debian's places", 'nginx', debian, true, ['deb'], 'drop-in'],
    [
      "Debian's own flags, without --sbin-path",
      'nginx',
      debian.filter((flag) => !flag.startsWith('--sbin-path')),
      true,
      ['deb'],
      'drop-in',
    ],
    ["modules of Debian's nginx", 'modules', debian, true, ['deb'], 'debian-modules'],
    ["modules of another nginx in Debian's places", 'modules', debian, false, ['deb'], 'modules'],
    ['modules of an nginx of its own', 'modules', opt, true, ['deb'], 'modules'],
  ] as const)('%s', (_, target, flags, isDebian, kinds, form) => {
    expect(formOf(target, flags, isDebian, kinds.map(output))).toEqual({ form })
  })

  test.each([
    ["an .rpm in Debian's places", 'nginx', debian, ['rpm'], /cannot replace the nginx of Debian/],
    ["nginx.org's places", 'nginx', nginxOrg, ['deb'], /would overwrite the files/],
    ['an .rpm of modules', 'modules', debian, ['spec'], /cannot be packaged as \.rpm/],
    [
      'a path with a space',
      'nginx',
      ['--prefix=/opt/a b'],
      ['deb'],
      /"\/opt\/a b" cannot be a path/,
    ],
    ['a path with a command', 'nginx', ['--prefix=/opt/$(id)'], ['deb'], /cannot be a path/],
    ['a path with a dot folder', 'nginx', ['--pid-path=/run/./x'], ['deb'], /cannot be a path/],
    ['a user with a command', 'nginx', ['--user=a;b'], ['deb'], /"a;b" cannot be a path or a user/],
    ['a group with a line', 'nginx', ['--group=a\nb'], ['rpm'], /cannot be a path or a user/],
  ] as const)('refuses %s', (_, target, flags, kinds, message) => {
    const form = formOf(target, flags, false, kinds.map(output))
    expect('misread' in form ? form.misread : form).toMatch(message)
  })

  test('adds places and a user only to packages that bring a service, and only where none are set', () => {
    expect(packageFlags([], [output('folder'), output('tar.gz')])).toEqual([])
    expect(packageFlags(debian, [deb])).toEqual([])
    expect(packageFlags(['--prefix=/srv/nginx', '--user=www'], [deb])).toEqual([
      '--group=nginx-sessctl',
    ])
    expect(opt).toContain('--prefix=/opt/nginx-sessctl')
    expect(opt).toContain('--pid-path=/run/nginx-sessctl/nginx.pid')
    expect(opt.slice(-2)).toEqual(['--user=nginx-sessctl', '--group=nginx-sessctl'])
  })

  test('names are those of Debian, with a suffix', () => {
    const files = [
      'ngx_http_upstream_jvm_route_module.so',
      'ngx_http_echo_module.so',
      'ndk_http_module.so',
      'ngx_stream_module.so',
    ]
    expect(debianModuleNames(files)).toEqual([
      'http-upstream-jvm-route',
      'http-echo',
      'http-ndk',
      'stream',
    ])
    expect(packageName('debian-modules', ['jvm_route'], files.slice(0, 1))).toBe(
      'libnginx-mod-http-upstream-jvm-route-sessctl',
    )
    expect(packageName('debian-modules', ['a', 'b'], files)).toBe('libnginx-mod-modules-sessctl')
    expect(packageName('service', ['jvm_route'])).toBe('nginx-sessctl')
    expect(packageName('drop-in', ['jvm_route'])).toBe('nginx-core-sessctl')
    expect(packageName('modules', ['jvm_route'])).toBe('nginx-sessctl-jvm-route')
  })
})

describe('a service of its own', () => {
  const service = serviceOf(opt, '1.26.3')
  const textOf = (path: string): string =>
    Buffer.from(
      serviceEntries(service).find((entry) => entry.path === path)?.content ?? [],
    ).toString()

  test('has a unit, a user, folders and log rotation with the places of configure', () => {
    const unit = textOf('usr/lib/systemd/system/nginx-sessctl.service')
    expect(unit).toContain('\nType=forking\nPIDFile=/run/nginx-sessctl/nginx.pid\n')
    expect(unit).toContain('\nExecStart=/opt/nginx-sessctl/sbin/nginx\n')
    expect(unit).toContain('\nExecReload=/bin/kill -s HUP $MAINPID\n')
    expect(textOf('usr/lib/sysusers.d/nginx-sessctl.conf')).toBe(
      'u nginx-sessctl - "nginx" /opt/nginx-sessctl -\n',
    )
    expect(textOf('usr/lib/tmpfiles.d/nginx-sessctl.conf')).toBe(
      ['/run', '/var/cache', '/var/log']
        .map((folder) => `d ${folder}/nginx-sessctl 0755 root root -\n`)
        .sort()
        .join(''),
    )
    expect(textOf('etc/logrotate.d/nginx-sessctl')).toMatch(
      /^\/var\/log\/nginx-sessctl\/\*\.log \{/,
    )
  })

  test('owns, and a purge removes, no folder that others may have', () => {
    const shared = serviceOf(
      ['--prefix=/srv', '--pid-path=/run/x.pid', '--http-log-path=/home/me/access.log'],
      '1.26.3',
    )
    expect(shared.ownFolders).toEqual(['/srv/logs'])
    const postrm = serviceScripts(shared).find(({ path }) => path === 'postrm')
    expect(Buffer.from(postrm?.content ?? []).toString()).toContain('rm -rf /srv/logs\n')
    // www is an account of somebody else.
    const foreign = serviceScripts(serviceOf([...opt, '--user=www', '--group=www'], '1.26.3'))
    expect(
      foreign.map(({ content }) => Buffer.from(content ?? []).toString()).join(),
    ).not.toContain('userdel')
  })
})

describe('maintainer scripts', () => {
  const modules = [
    { file: 'ngx_http_echo_module.so', name: 'http-echo', isStock: false },
    { file: 'ngx_stream_module.so', name: 'stream', isStock: true },
  ]
  const service = serviceOf(opt, '1.26.3')
  test.each([
    ['a service', serviceScripts(service)],
    ['modules', moduleScripts('/run/nginx.pid', modules)],
    ['a drop-in', dropInScripts('/run/nginx.pid', modules)],
  ] as const)(
    'of %s are shell scripts that end at the first error, and hide none',
    (_, scripts) => {
      expect(scripts.length).toBeGreaterThan(2)
      for (const { path, mode, content } of scripts) {
        const text = Buffer.from(content ?? []).toString()
        expect(text).toMatch(/^#!\/bin\/sh\nset -e\n/)
        expect(text).not.toMatch(/\|\| *(true|:)/)
        expect(text).toContain(`${path} called with unknown argument`)
        expect(mode).toBe(0o755)
      }
    },
  )
  test("load modules after Debian's own, in their order", () => {
    expect(
      snippets(modules, '/usr/lib/nginx/modules').map(({ path, content }) => [
        path,
        Buffer.from(content ?? []).toString(),
      ]),
    ).toEqual([
      [
        'usr/share/nginx/modules-available/mod-http-echo-sessctl.conf',
        'load_module /usr/lib/nginx/modules/ngx_http_echo_module.so;\n',
      ],
      [
        'usr/share/nginx/modules-available/mod-stream-sessctl.conf',
        'load_module /usr/lib/nginx/modules/ngx_stream_module.so;\n',
      ],
    ])
    const [postinst] = moduleScripts('/run/nginx.pid', modules)
    const text = Buffer.from(postinst?.content ?? []).toString()
    expect(text.indexOf('80-mod-http-echo')).toBeLessThan(text.indexOf('81-mod-stream'))
  })
})

describe('a spec file', () => {
  const file = (path: string) => ({ path, mode: 0o644, content: Buffer.from('') })
  const folder = (path: string) => ({ path, mode: 0o755, content: null })
  const facts = {
    name: 'nginx-sessctl',
    version: '1.26.3',
    release: '1.sessctl.0',
    summary: 'nginx',
    details: ['more'],
    scriptlets: serviceScriptlets(serviceOf(opt, '1.26.3')),
    tarball: 'x.spec.tar.gz',
    configFolder: '/etc/opt/nginx-sessctl',
  }
  test('lists files with their modes, and configuration that an upgrade keeps', () => {
    const text = specText(
      facts,
      [
        folder('etc'),
        folder('etc/opt/nginx-sessctl'),
        file('etc/opt/nginx-sessctl/nginx.conf'),
        { ...file('opt/nginx-sessctl/sbin/nginx'), mode: 0o755 },
      ],
      1_666_137_600,
    )
    expect(text.slice(text.indexOf('%defattr'))).toBe(
      `%defattr(-, root, root, -)
%dir %attr(0755, root, root) /etc/opt/nginx-sessctl
%config(noreplace) %attr(0644, root, root) /etc/opt/nginx-sessctl/nginx.conf
%attr(0755, root, root) /opt/nginx-sessctl/sbin/nginx

%changelog
* Wed Oct 19 2022 sessctl build-nginx <build-nginx@sessctl.invalid> - 1.26.3-1.sessctl.0
- nginx
`,
    )
  })
  test('refuses names that rpm reads as patterns or macros', () => {
    expect(oddRpmPath([file('opt/a'), file('opt/%{x}')])).toBe('opt/%{x}')
    expect(oddRpmPath([file('opt/a b')])).toBe('opt/a b')
    expect(oddRpmPath([file('opt/*')])).toBe('opt/*')
    expect(oddRpmPath([file('opt/a-1_2.so')])).toBeUndefined()
  })
})
