import { describe, expect, test } from 'vitest'
import type { NginxFacts } from '../../../src/build-nginx/core/abi/read.ts'
import { configureError, firstError } from '../../../src/build-nginx/core/compile-error.ts'
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
  modules: [{ name: 'jvm_route', source: { kind: 'bundled' } }],
  linkage: 'static',
  forNginx: null,
  like: null,
  libraries: { openssl: null, pcre: null, zlib: null },
  patches: [],
  compiler: null,
  flags: [],
  jobs: 2,
  mirrors: { nginx: 'https://nginx.org/download', openssl: 'https://x' },
  isOffline: false,
  isUpdate: false,
  isFrozen: false,
  leastLevel: 'none',
  outputs: [],
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
  revision: string | null = null,
) =>
  planBuild(
    { ...request, ...change },
    { host: { ...debian12, ...host }, release, series, target, revision },
  )
const errors = (plan: ReturnType<typeof planBuild>) =>
  plan.advice.filter(({ level }) => level === 'error')
const ssl = ['--with-http_ssl_module']

describe('what goes together', () => {
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
      '1.26.3',
      { libraries: { ...debian12.libraries, openssl: null } },
      'lacks the headers for TLS',
      'apt-get install libssl-dev;',
    ],
    [
      '1.26.3',
      { packages: 'rpm', libraries: { ...debian12.libraries, openssl: null, zlib: null } },
      'TLS, the headers for gzip',
      'dnf install openssl-devel zlib-devel',
    ],
    ['1.26.3', { compiler: null }, 'this host lacks a C compiler', 'apt-get install gcc'],
    [
      '1.26.3',
      { compiler: null, hasMake: false, packages: null },
      'lacks a C compiler, make',
      'Debian: apt-get install gcc make; Fedora',
    ],
    [
      '1.20.2',
      { libraries: { ...debian12.libraries, pcre1: null } },
      'knows the old PCRE only',
      'libpcre3-dev',
    ],
  ] as const)('%s with TLS on %j', (release, host, message, help) => {
    const found = errors(planned(release, { flags: ssl }, host as Partial<Host>))
    expect(found.map((one) => one.message).join('\n')).toContain(message)
    expect(found.map((one) => one.help).join('\n')).toContain(help)
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

  test('an OpenSSL of its own makes the one of the host no matter', () => {
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

  test('a sticky of its own is mentioned', () => {
    expect(planned('1.29.5').advice).toEqual([])
    expect(planned('1.29.6').advice[0]?.message).toContain('the module may not be needed')
  })

  test('libxcrypt needs the compat patch, or a newer release', () => {
    expect(planned('1.8.1').seriesPatches.map(({ id }) => id)).toEqual(['c', 'h'])
    expect(planned('1.26.3').seriesPatches.map(({ id }) => id)).toEqual(['h'])
  })
})

describe('for an nginx that is installed', () => {
  const target: NginxFacts = {
    version: 1022001,
    signature: '8,4,8,0011111111010111001111111111111111',
    configureArguments:
      "--with-cc-opt='-g -ffile-prefix-map=/build/x/nginx-1.22.1=.' --with-compat --with-stream=dynamic",
    machine: 62,
  }
  test('only modules are built, from the sources that its maker had', () => {
    const revision = '1.22.1-9+deb12u11'
    const wanted = { forNginx: '/usr/sbin/nginx', linkage: 'dynamic' } as const
    const found = planned('1.22.1', wanted, {}, target, revision)
    expect(found.target).toBe('modules')
    expect(found.inputs[0]?.source).toEqual({ kind: 'nginx-dev', revision })
    expect(found.seriesPatches).toEqual([])
    expect(found.flags).toEqual([
      '--with-cc-opt=-g',
      '--with-compat',
      '--add-dynamic-module=../modules/jvm_route',
    ])
  })
  test('whose revision is unknown: the newest of the release, with a warning', () => {
    const found = planned('1.22.1', { forNginx: '/opt/nginx', linkage: 'dynamic' }, {}, target)
    expect(found.inputs[0]?.source).toEqual({ kind: 'nginx-dev', revision: null })
    expect(found.advice.map(({ level, message }) => `${level}: ${message}`)).toEqual([
      'warning: dpkg does not know /opt/nginx, so its Debian revision is unknown; the newest one of this release is used',
    ])
  })
  test('like it, the whole is built', () => {
    const found = planned('1.22.1', { like: '/usr/sbin/nginx' }, {}, target)
    expect(found.flags).toEqual([
      '--with-cc-opt=-g',
      '--with-compat',
      '--with-stream=dynamic',
      '--add-module=../modules/jvm_route',
    ])
    expect(found.inputs[0]?.source).toEqual({ kind: 'release', version: '1.22.1' })
  })
  test('arguments that are no words of a shell', () => {
    const broken = { ...target, configureArguments: "--with-cc-opt='-g" }
    const found = planned('1.22.1', { forNginx: '/x', linkage: 'dynamic' }, {}, broken)
    expect(errors(found)[0]?.message).toContain('cannot be split into words')
  })
})

describe('what a host says', () => {
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
  test('headers, in whatever order the preprocessor has them', () => {
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

describe('the first error', () => {
  test.each([
    [
      "src/os/unix/ngx_user.c:36:7: error: 'struct crypt_data' has no member named 'current_salt'",
      'src/os/unix/ngx_user.c',
      /compat patch/,
    ],
    [
      '../modules/x/a.c:3:1: error: this statement may fall through [-Werror=implicit-fallthrough=]',
      '../modules/x/a.c',
      /-Wno-error=implicit-fallthrough/,
    ],
    ['a.c:3:1: error: unused [-Werror,-Wunused-variable]', 'a.c', /-Wno-error=unused-variable/],
    ['a.c:3:10: fatal error: lua.h: No such file or directory', 'a.c', /package that has lua\.h/],
    ['gcc: fatal error: Killed signal terminated program cc1', null, /--jobs 1/],
    ['/usr/bin/ld: cannot find -lpcre2-8: No such file or directory', null, /library is missing/],
    ["/usr/bin/ld: objs/x.o: undefined reference to `f'", null, /library is missing/],
    ['a.c:1: error: cannot write: No space left on device', 'a.c', /make room/],
    [
      "{standard input}: Fatal error: can't write 3888 bytes to section .debug_info: 'No space left on device'",
      null,
      /make room/,
    ],
  ])('%s', (line, file, help) => {
    const found = firstError(['cc -c x.c', line, 'make: *** [objs/Makefile:1: x.o] Error 1'])
    expect(found?.file).toBe(file)
    expect(found?.help).toMatch(help)
  })
  test('make alone says none', () => {
    expect(firstError(['make: *** [x] Error 1'])).toBeNull()
  })
  test.each([
    ['./configure: error: the HTTP rewrite module requires the PCRE library.', /libpcre2-dev/],
    ['./configure: error: invalid option "--x"', /does not know --x/],
    ['./configure: error: C compiler cc is not found', /--cc/],
  ])('of configure: %s', (line, help) => {
    expect(configureError(['checking', line], '').help).toMatch(help)
  })
  test('of configure, from autoconf.err', () => {
    const found = configureError(
      ['./configure: error: no'],
      '----\nx.c:1: error: odd\n----------\n',
    )
    expect(found).toEqual({ message: 'no', help: 'objs/autoconf.err ends with: x.c:1: error: odd' })
  })
})
