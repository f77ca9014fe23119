import { describe, expect, test } from 'vitest'
import type { OutputContext } from '../../../src/core/validate/check.ts'
import { readBuild } from '../../../src/core/validate/nginx/build.ts'
import { readNginx } from '../../../src/core/validate/nginx/plan.ts'
import { wrapNginx } from '../../../src/core/validate/nginx/wrap.ts'
import { placeFinder } from '../../../src/core/validate/originals.ts'
import { readNginx as readConfig } from '../../readers/nginx.ts'

const debian = `nginx version: nginx/1.22.1
configure arguments: --with-cc-opt='-g -O2' --prefix=/usr/share/nginx --modules-path=/usr/lib/nginx/modules --with-http_ssl_module --with-http_geoip_module=dynamic`

describe('readBuild', () => {
  test('Debian', () => {
    expect(readBuild(debian)).toEqual({
      flavor: 'nginx',
      product: 'nginx',
      version: '1.22.1',
      hasErrorLogFlag: true,
      tempPaths: [
        'client_body_temp_path',
        'proxy_temp_path',
        'fastcgi_temp_path',
        'uwsgi_temp_path',
        'scgi_temp_path',
      ],
      modulesPath: '/usr/lib/nginx/modules',
      modules: new Set(),
    })
  })

  test('an old nginx, built with some modules and without others', () => {
    const build = readBuild(
      `nginx version: nginx/1.18.0\nconfigure arguments: --without-http_uwsgi_module --add-module='/src/my modules/nginx-upstream-jvm-route' --add-dynamic-module=/src/nginx-module-vts`,
    )
    expect(build?.hasErrorLogFlag).toBe(false)
    expect(build?.tempPaths).not.toContain('uwsgi_temp_path')
    expect(build?.modules).toEqual(new Set(['jvm_route']))
  })

  test.each([
    ['Angie version: Angie/1.9.0\n', 'angie', 'Angie', '1.9.0', true],
    [
      'Tengine version: Tengine/2.3.3\nnginx version: nginx/1.18.0',
      'tengine',
      'Tengine',
      '2.3.3',
      false,
    ],
    ['nginx version: openresty/1.25.3.2\n', 'openresty', 'OpenResty', '1.25.3', true],
    ['nginx version: nginx/1.27.4 (nginx-plus-r34)', 'nginx-plus', 'NGINX Plus', '1.27.4', true],
  ] as const)('%s', (answer, flavor, product, version, hasErrorLogFlag) => {
    expect(readBuild(answer)).toMatchObject({ flavor, product, version, hasErrorLogFlag })
  })

  test('another program is not nginx', () => {
    expect(readBuild('HAProxy version 2.6.12')).toBeNull()
  })
})

const build = readBuild(debian)
if (build === null) throw new Error('not read')
const options = { folder: '/st "a\\g$e', load: ['/usr/lib/nginx/modules/x.so'], isRoot: true }

describe('wrapNginx', () => {
  test('keeps every path of nginx in the stage', () => {
    const wrapped = wrapNginx(build, options, [{ path: 'nginx/shop.conf', text: 'map a b {}\n' }])
    if (typeof wrapped === 'string') throw new Error(wrapped)
    const main = wrapped.files.find(({ path }) => path === wrapped.main)
    const directives = readConfig(String(main?.content))
    const http = directives.find(({ name }) => name === 'http')
    const all = [...directives, ...(http?.block ?? [])]
    const argumentOf = (wanted: string) => all.find(({ name }) => name === wanted)?.args[0]
    for (const name of ['pid', 'lock_file', 'include', ...build.tempPaths]) {
      expect(argumentOf(name)?.startsWith('/st "a\\g$e/'), name).toBe(true)
    }
    expect(argumentOf('error_log')).toBe('stderr')
    expect(argumentOf('access_log')).toBe('off')
    expect(argumentOf('user')).toBe('root')
    expect(argumentOf('load_module')).toBe('/usr/lib/nginx/modules/x.so')
  })

  test('a complete nginx.conf is kept line by line', () => {
    const text =
      '# x\nworker_processes auto;\nload_module modules/x.so;\nload_module modules/y.so;\nevents {\n}\nhttp {\n    include shop.conf;\n}\n'
    const staged = [
      { path: 'nginx/shop.conf', text: '' },
      { path: 'nginx/nginx.conf', text },
    ]
    const wrapped = wrapNginx(build, options, staged)
    if (typeof wrapped === 'string') throw new Error(wrapped)
    expect(wrapped.main).toBe('nginx/nginx.conf')
    expect(wrapped.unloaded).toEqual(['y.so'])
    const lines = String(wrapped.files.at(-1)?.content).split('\n')
    expect(lines[2]).toBe('load_module "/usr/lib/nginx/modules/x.so";')
    expect(lines[3]).toMatch(/^#/)
    expect(lines[6]).toMatch(/^http \{ access_log off; client_body_temp_path /)
    expect(lines[7]).toBe('    include shop.conf;')
    expect(lines.slice(9).join('\n')).toContain('pid "/st \\"a\\\\g$e/nginx.pid";')
  })

  test('reports that there is no nginx.conf for a snippet', () => {
    expect(wrapNginx(build, options, [{ path: 'nginx/nginx.conf', text: 'x' }])).toMatch(/no http/)
  })
})

const artifact = { path: 'nginx/shop.conf', text: 'a\nb\nc\n' }
const reading: OutputContext = {
  placeOf: placeFinder('/stage', [artifact], [artifact]),
  original: (text) => text.replaceAll('/stage/', ''),
  fallback: 'nginx/shop.conf',
  lacks: null,
}
const answer = (output: string, exitCode = 1) => ({
  exitCode,
  isReached: false,
  isTimedOut: false,
  output,
})

describe('readNginx', () => {
  test('a refusal with its place, in both forms of a log line', () => {
    const message = 'pcre_compile() failed: missing ) in "( " in /stage/nginx/shop.conf:2'
    for (const head of ['nginx: [emerg] ', '2026/11/21 06:27:20 [emerg] 12#12: ']) {
      expect(
        readNginx(answer(`${head}${message}\nnginx: configuration file x test failed`), reading),
      ).toEqual({
        kind: 'refused',
        others: 'not-checked',
        findings: [
          {
            severity: 'error',
            path: 'nginx/shop.conf',
            line: 2,
            message: 'pcre_compile() failed: missing ) in "( "',
          },
        ],
      })
    }
  })

  test('accepted, with a warning that is not about this host', () => {
    const output = [
      'nginx: [alert] could not open error log file: open() "/var/log/nginx/error.log" failed (13: Permission denied)',
      'nginx: [warn] the "user" directive makes sense only if the master process runs with super-user privileges, ignored in /stage/nginx.conf:1',
      'nginx: [warn] conflicting server name "a" on unix:/stage/l0, ignored',
      'nginx: configuration file /stage/nginx.conf test is successful',
    ].join('\n')
    expect(readNginx(answer(output, 0), reading)).toMatchObject({
      kind: 'accepted',
      findings: [
        { severity: 'warning', message: 'conflicting server name "a" on unix:l0, ignored' },
      ],
    })
  })

  test('a directive that the installed nginx does not have is inconclusive', () => {
    const output = '[emerg] 1#1: unknown directive "jvm_route" in /stage/nginx/shop.conf:3'
    expect(readNginx(answer(output), { ...reading, lacks: 'nginx 1.2.3 lacks x' })).toEqual({
      kind: 'not-checked',
      reason: 'nginx 1.2.3 lacks x: unknown directive "jvm_route"',
    })
    expect(readNginx(answer(output), reading).kind).toBe('refused')
  })

  test.each([
    'unknown parameter "name=route"',
    'invalid parameter "srun_id=a"',
    'invalid number of arguments in "sticky" directive',
    'unknown "sticky_route" variable',
    'the "ssl" parameter requires ngx_http_ssl_module',
    'module "/m.so" is not binary compatible',
  ])('also %s', (message) => {
    const output = answer(`[emerg] 1#1: ${message} in /stage/nginx/shop.conf:3`)
    expect(readNginx(output, { ...reading, lacks: 'less' }).kind).toBe('not-checked')
    expect(readNginx(output, reading).kind).toBe('refused')
  })

  test('another error counts, whatever the nginx lacks', () => {
    const output = '[emerg] 1#1: invalid port in upstream "x" in /stage/nginx/shop.conf:3'
    expect(readNginx(answer(output), { ...reading, lacks: 'less' }).kind).toBe('refused')
  })

  test('a crash is inconclusive', () => {
    expect(readNginx(answer('Segmentation fault', 139), reading)).toEqual({
      kind: 'not-checked',
      reason: 'nginx -t ended with 139: Segmentation fault',
    })
  })
})
