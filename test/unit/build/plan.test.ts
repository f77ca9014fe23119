import { describe, expect, test } from 'vitest'
import type { NginxFacts } from '../../../src/build-nginx/core/abi/read.ts'
import type { InstalledPackage } from '../../../src/build-nginx/core/plan/existing-nginx.ts'
import type { Host } from '../../../src/build-nginx/core/plan/host.ts'
import { planBuild } from '../../../src/build-nginx/core/plan/plan.ts'
import {
  compilerOf,
  isLibxcrypt,
  packagesOf,
  versionIn,
} from '../../../src/build-nginx/core/plan/probe.ts'
import type { BuildRequest } from '../../../src/build-nginx/core/request.ts'

const debian12: Host = {
  compiler: { command: 'cc', family: 'gcc', version: '12.2.0', text: 'cc (Debian) 12.2.0' },
  hasMake: true,
  libraries: {
    openssl: '3.0.20',
    pcre1: '8.39',
    pcre2: '10.42',
    zlib: '1.2.13',
    xslt: null,
    gd: null,
    geoip: null,
    perl: null,
  },
  hasLibxcrypt: true,
  packages: 'debian',
  processors: 2,
}
const request: BuildRequest = {
  release: null,
  nginx: null,
  modules: [{ name: 'jvm_route', source: { kind: 'bundled' }, folder: '', neededBy: null }],
  environment: {},
  isUnpatchedAllowed: false,
  isRebased: false,
  linkage: 'static',
  forNginx: null,
  like: null,
  libraries: { openssl: null, pcre: null, zlib: null },
  patches: [],
  compiler: null,
  dropped: [],
  flags: [],
  jobs: 2,
  mirrors: { nginx: 'https://nginx.org/download', openssl: 'https://x' },
  isOffline: false,
  isUpdate: false,
  isFrozen: false,
  leastLevel: 'none',
  outputs: [],
  revision: 1,
  isOverwrite: false,
}
const patch = { reason: '', sha256: '', strip: 1 }
const series = {
  format: 1 as const,
  patches: [
    {
      ...patch,
      id: 'c',
      file: 'c.patch',
      kind: 'compat' as const,
      from: '1.8.1',
      through: '1.14.1',
    },
    { ...patch, id: 'h', file: 'h.patch', kind: 'hook' as const, from: '1.8.1', through: null },
  ],
}
const planned = (
  release: string,
  change: Partial<BuildRequest> = {},
  host: Partial<Host> = {},
  target: NginxFacts | null = null,
  installed: InstalledPackage | null = null,
  refused: readonly (readonly [string, string])[] = [],
) =>
  planBuild(
    { ...request, ...change },
    {
      host: { ...debian12, ...host },
      release,
      series,
      target,
      installed,
      refusedOptions: new Map(refused),
    },
  )
const errors = (plan: ReturnType<typeof planBuild>) =>
  plan.advice.filter(({ level }) => level === 'error')
const ssl = ['--with-http_ssl_module']

describe('a combination of releases and flags', () => {
  test.each([
    ['1.8.1', 'implicit-fallthrough cast-function-type deprecated-declarations'],
    ['1.10.3', 'implicit-fallthrough cast-function-type deprecated-declarations'],
    ['1.11.13', 'implicit-fallthrough cast-function-type'],
    ['1.12.2', 'cast-function-type'],
    ['1.13.0', 'implicit-fallthrough cast-function-type'],
    ['1.13.12', 'cast-function-type'],
    ['1.14.2', ''],
    ['1.22.1', ''],
  ])('%s and gcc 12: the smallest flags', (release, flags) => {
    const found = planned(release)
    expect(errors(found)).toEqual([])
    const options = found.flags.find((flag) => flag.startsWith('--with-cc-opt=')) ?? ''
    expect(options.replace('--with-cc-opt=', '').replaceAll('-Wno-error=', '')).toBe(flags)
  })

  test.each([
    ['1.8.1', {}, 'nginx 1.8.1 does not compile with OpenSSL 3', 'OpenSSL 1.0.2 source'],
    [
      '1.26.3',
      { libraries: { ...debian12.libraries, openssl: '4.0.0' } },
      'nginx 1.26.3 does not compile with OpenSSL 4',
      '1.29.8 or later',
    ],
    [
      '1.20.2',
      { libraries: { ...debian12.libraries, pcre1: null } },
      'supports the old PCRE only',
      'libpcre3-dev',
    ],
  ] as const)('%s with TLS on %j', (release, host, message, help) => {
    const found = errors(planned(release, { flags: ssl }, host as Partial<Host>))
    expect(found.map((one) => one.message).join('\n')).toContain(message)
    expect(found.map((one) => one.help).join('\n')).toContain(help)
  })

  test.each([
    [
      { libraries: { ...debian12.libraries, openssl: null } },
      'seems to lack the headers for TLS',
      'apt-get install libssl-dev;',
    ],
    [
      { packages: 'rpm', libraries: { ...debian12.libraries, openssl: null, zlib: null } },
      'TLS, the headers for gzip',
      'dnf install openssl-devel zlib-devel',
    ],
    [{ compiler: null }, 'this host seems to lack a C compiler', 'apt-get install gcc'],
    [
      { compiler: null, hasMake: false, packages: null },
      'lack a C compiler, make',
      'Debian: apt-get install gcc make; Fedora',
    ],
  ] as const)('what the host seems to lack stops no build: %j', (host, message, help) => {
    const found = planned('1.26.3', { flags: ssl }, host as Partial<Host>)
    expect(errors(found)).toEqual([])
    expect(found.advice[0]).toMatchObject({
      level: 'warning',
      message: expect.stringContaining(message),
      help: expect.stringContaining(help),
    })
  })

  test.each([
    ['1.12.2', 'cast-function-type deprecated-declarations'],
    ['1.20.2', 'deprecated-declarations'],
    ['1.21.2', ''],
  ])('%s with TLS of OpenSSL 3', (release, flags) => {
    const found = planned(release, { flags: ssl })
    expect(errors(found)).toEqual([])
    const options = found.flags.find((flag) => flag.startsWith('--with-cc-opt=')) ?? ''
    expect(options.replace('--with-cc-opt=', '').replaceAll('-Wno-error=', '')).toBe(flags)
  })

  test('a bundled OpenSSL makes the OpenSSL of the host irrelevant', () => {
    const libraries = {
      ...request.libraries,
      openssl: { kind: 'local', path: '/src/openssl-1.0.2u' },
    } as const
    const found = planned('1.8.1', { flags: ssl, libraries })
    expect(errors(found)).toEqual([])
    expect(found.flags).toContain('--with-openssl=../lib/openssl')
  })

  test('no shared objects before 1.9.11', () => {
    expect(errors(planned('1.8.1', { linkage: 'dynamic' }))[0]?.message).toContain('1.9.11')
    expect(errors(planned('1.9.11', { linkage: 'dynamic' }))).toEqual([])
  })

  test("nginx's own sticky is mentioned", () => {
    expect(planned('1.29.5').advice).toEqual([])
    expect(planned('1.29.6').advice[0]?.message).toContain('the module may not be needed')
  })

  test('libxcrypt needs the compat patch, or a newer release', () => {
    expect(planned('1.8.1').seriesPatches.map(({ id }) => id)).toEqual(['c', 'h'])
    expect(planned('1.26.3').seriesPatches.map(({ id }) => id)).toEqual(['h'])
  })
})

describe('for an installed nginx', () => {
  const target: NginxFacts = {
    version: 1022001,
    signature: '8,4,8,0011111111010111001111111111111111',
    configureArguments:
      "--with-cc-opt='-g -ffile-prefix-map=/build/x/nginx-1.22.1=.' --with-compat --with-stream=dynamic",
    product: null,
    machine: 62,
  }
  const debian = (version: string): InstalledPackage => ({
    manager: 'dpkg',
    source: 'nginx',
    version,
    isDebian: true,
    develFolder: null,
  })
  const rpm: InstalledPackage = {
    manager: 'rpm',
    source: 'nginx',
    version: '1.20.1-14.el9',
    isDebian: false,
    develFolder: null,
  }
  test('only modules are built, from the sources of the distribution', () => {
    const revision = '1.22.1-9+deb12u11'
    const wanted = { forNginx: '/usr/sbin/nginx', linkage: 'dynamic' } as const
    const found = planned('1.22.1', wanted, {}, target, debian(revision))
    expect(found.target).toBe('modules')
    expect(found.inputs[0]?.source).toEqual({ kind: 'nginx-dev', revision })
    expect(found.seriesPatches).toEqual([])
    expect(found.flags).toEqual([
      '--with-cc-opt=-g',
      '--with-compat',
      '--add-dynamic-module=../modules/jvm_route',
    ])
  })
  test('with an unknown revision: the newest source of the release, with a warning', () => {
    const found = planned('1.22.1', { forNginx: '/opt/nginx', linkage: 'dynamic' }, {}, target)
    expect(found.inputs[0]?.source).toEqual({ kind: 'nginx-dev', revision: null })
    expect(found.advice.map(({ level, message }) => `${level}: ${message}`)).toEqual([
      'warning: dpkg does not know /opt/nginx, so its Debian revision is unknown; the newest one of this release is used',
    ])
  })
  test('with --like, all of nginx is built', () => {
    const found = planned('1.22.1', { like: '/usr/sbin/nginx' }, {}, target)
    expect(found.flags).toEqual([
      '--with-cc-opt=-g',
      '--with-compat',
      '--with-stream=dynamic',
      '--add-module=../modules/jvm_route',
    ])
  })
  const kinds = [
    ['--for', { forNginx: '/usr/sbin/nginx', linkage: 'dynamic' }],
    ['--like', { like: '/usr/sbin/nginx' }],
  ] as const
  test('with --like: the source of the installed revision', () => {
    const revision = '1.22.1-9+deb12u11'
    const found = planned('1.22.1', { like: '/usr/sbin/nginx' }, {}, target, debian(revision))
    expect(found.inputs[0]?.source).toEqual({
      kind: 'apt',
      package: 'nginx',
      suite: null,
      revision,
    })
    expect(found.advice).toEqual([])
  })
  test('with --like, of another packager: the source of nginx.org', () => {
    const own = { ...target, configureArguments: '--with-compat' }
    const other = { ...debian('1.26.3-1~bookworm'), isDebian: false }
    const found = planned('1.26.3', { like: '/usr/sbin/nginx' }, {}, own, other)
    expect(found.inputs[0]?.source).toEqual({ kind: 'release', version: '1.26.3' })
  })
  test('with rpm: nginx-mod-devel of the installed revision, and no other source without a message', () => {
    const [, forIt] = kinds[0]
    const devel = { ...rpm, develFolder: '/usr/src/nginx-1.20.1-14.el9' }
    const own = { ...target, configureArguments: '--with-compat' }
    const found = planned('1.20.1', forIt, { packages: 'rpm' }, own, devel)
    expect(found.inputs[0]?.source).toEqual({ kind: 'local', path: devel.develFolder })
    const without = planned('1.20.1', forIt, { packages: 'rpm' }, own, rpm)
    expect(errors(without)[0]?.help).toContain('dnf install nginx-mod-devel-1.20.1-14.el9')
    const like = planned('1.20.1', { like: '/usr/sbin/nginx' }, { packages: 'rpm' }, own, rpm)
    expect(like.advice[0]).toMatchObject({
      level: 'warning',
      message: expect.stringContaining('nginx 1.20.1-14.el9'),
    })
  })
  test.each(kinds)('%s: unreadable arguments are refused', (_, wanted) => {
    const broken = { ...target, configureArguments: "--with-cc-opt='-g -O2" }
    expect(errors(planned('1.22.1', wanted, {}, broken))[0]?.message).toContain('cannot be read')
    const none = { ...target, configureArguments: null }
    expect(errors(planned('1.22.1', wanted, {}, none))[0]?.message).toContain('no configure arg')
  })
  test.each(kinds)('%s: another product is refused without its own source', (_, wanted) => {
    const other = { ...target, product: 'OpenResty 1.25.3.1' }
    expect(errors(planned('1.22.1', wanted, {}, other))[0]?.message).toBe(
      '/usr/sbin/nginx is OpenResty 1.25.3.1, which is built from another source than nginx',
    )
    const nginx = { kind: 'local', path: '/src/openresty/bundle/nginx-1.25.3' } as const
    expect(errors(planned('1.22.1', { ...wanted, nginx }, {}, other))).toEqual([])
  })
  test('flags are dropped by name, and options of the compiler', () => {
    const wanted = { like: '/usr/sbin/nginx', dropped: ['stream', '-g'] }
    const found = planned('1.22.1', wanted, {}, target)
    expect(found.flags).toEqual([
      '--with-cc-opt=',
      '--with-compat',
      '--add-module=../modules/jvm_route',
    ])
    expect(found.inherited?.removed.map(({ flag }) => flag)).toEqual([
      '-g',
      '--with-stream=dynamic',
    ])
    const unknown = planned('1.22.1', { ...wanted, dropped: ['http_perl'] }, {}, target)
    expect(errors(unknown)[0]?.message).toContain('--drop http_perl')
  })
  test('options of another host are removed and named', () => {
    const specs = '-specs=/usr/lib/rpm/redhat/redhat-hardened-cc1'
    const hardened = {
      ...target,
      configureArguments: `--with-cc-opt='-O2 ${specs}' --with-ld-opt='-Wl,-z,now -specs=x'`,
    }
    const refused = [
      [specs, 'cannot read spec file'],
      ['-specs=x', 'cannot read spec file'],
    ] as const
    const found = planned('1.22.1', { like: '/n' }, {}, hardened, null, refused)
    expect(found.flags.slice(0, 2)).toEqual(['--with-cc-opt=-O2', '--with-ld-opt=-Wl,-z,now'])
    expect(found.advice.map(({ message }) => message).join('\n')).toContain(`${specs} is removed`)
  })
  test('the result says how routes are written', () => {
    expect(planned('1.26.3').routes).toBe('server ADDRESS srun_id=ID;')
    expect(planned('1.22.1', kinds[0][1], {}, target).routes).toBe('srun_id ID ADDRESS;')
    expect(planned('1.26.3', { modules: [] }).routes).toBeNull()
  })
})

describe('detection of the host', () => {
  test.each([
    [
      'cc (Debian 12.2.0-14+deb12u1) 12.2.0\nCopyright (C) 2022 Free Software Foundation, Inc.\n',
      'gcc',
      '12.2.0',
    ],
    ['gcc (GCC) 15.1.1 20250425 (Red Hat 15.1.1-1)\nCopyright\n', 'gcc', '15.1.1'],
    ['Debian clang version 14.0.6\nTarget: x\n', 'clang', '14.0.6'],
    ['Apple clang version 15.0.0 (clang-1500.3.9.4)\n', 'clang', '15.0.0'],
  ])('%j', (text, family, version) => {
    expect(compilerOf('cc', text)).toMatchObject({ family, version })
  })
  test('headers, in any order of the preprocessor', () => {
    expect(versionIn('pcre2', '#define PCRE2_MINOR 42\n#define PCRE2_MAJOR 10\n')).toBe('10.42')
    expect(versionIn('openssl', '#define OPENSSL_VERSION_TEXT "OpenSSL 1.0.2u  20 Dec 2019"')).toBe(
      '1.0.2u',
    )
    expect(versionIn('xslt', '')).toBe('')
    expect(versionIn('zlib', null)).toBeNull()
    expect(isLibxcrypt('#define XCRYPT_VERSION_NUM 1')).toBe(true)
  })
  test.each([
    ['ID=debian\n', 'debian'],
    ['ID=linuxmint\nID_LIKE="ubuntu debian"\n', 'debian'],
    ['ID="rocky"\nID_LIKE="rhel centos fedora"\n', 'rpm'],
    ['ID=alpine\n', null],
  ])('%j', (text, packages) => {
    expect(packagesOf(text)).toBe(packages)
  })
})
