import { describe, expect, test } from 'vitest'
import { firstError } from '../../../src/build-nginx/core/compile-error.ts'
import { configureError } from '../../../src/build-nginx/core/configure-error.ts'

/** One block of objs/autoconf.err, as auto/feature writes it. */
const block = (name: string, log: string): string =>
  [
    '',
    '----------------------------------------',
    `checking for ${name}`,
    '',
    ...(log === '' ? [] : [log]),
    '----------',
    '',
    '#include <sys/types.h>',
    'int main(void) { struct dirent  dir; return 0; }',
    '',
    '----------',
    'cc -o objs/autotest objs/autotest.c',
    '----------',
  ].join('\n')

const isWorking = ' found but is not working'

interface Failure {
  readonly checks: readonly (readonly [name: string, answer: string, log: string])[]
  readonly error: string
}

const stopped = ({ checks, error }: Failure) =>
  configureError(
    [
      'checking for OS',
      ...checks.map(([name, answer]) => `checking for ${name} ...${answer}`),
      '',
      `./configure: error: ${error}`,
      '',
    ],
    // An optional check that failed earlier, and what other checks log afterwards, are not the cause.
    [
      block('crypt_r()', "objs/autotest.c:5:1: error: storage size of 'cd' isn't known"),
      ...checks.map(([name, , log]) => block(name, log)),
      block('struct dirent.d_namlen', "objs/autotest.c:8:4: error: no member named 'd_namlen'"),
    ].join('\n'),
  )

const no = ' not found'
const missing = (header: string): string =>
  `objs/autotest.c:7:10: fatal error: ${header}: No such file or directory\n    7 | #include <${header}>\ncompilation terminated.`

describe('configure that fails', () => {
  test.each<readonly [string, Failure, RegExp, RegExp]>([
    [
      'PCRE',
      {
        checks: [
          ['PCRE2 library', no, missing('pcre2.h')],
          ['PCRE library', no, missing('pcre.h')],
          ['PCRE library in /usr/local/', no, missing('pcre.h')],
          ['PCRE library in /opt/local/', no, missing('pcre.h')],
        ],
        error: 'the HTTP rewrite module requires the PCRE library.',
      },
      /^the HTTP rewrite module requires the PCRE library\.\n {2}PCRE library: pcre\.h: No such/,
      /libpcre3-dev.*--without-http_rewrite_module/,
    ],
    [
      'OpenSSL',
      {
        checks: [['OpenSSL library', no, missing('openssl/ssl.h')]],
        error: 'SSL modules require the OpenSSL library.',
      },
      /OpenSSL library: openssl\/ssl\.h/,
      /apt-get install libssl-dev, or dnf install openssl-devel, or set --openssl/,
    ],
    [
      'zlib',
      {
        checks: [['zlib library', no, missing('zlib.h')]],
        error: 'the HTTP gzip module requires the zlib library.',
      },
      /zlib library: zlib\.h/,
      /zlib1g-dev/,
    ],
    [
      'headers without the library',
      {
        checks: [
          ['OpenSSL library', no, '/usr/bin/ld: cannot find -lcrypto: No such file or directory'],
        ],
        error: 'SSL modules require the OpenSSL library.',
      },
      /cannot find -lcrypto/,
      /development package of libcrypto/,
    ],
    [
      'a library older than its headers',
      {
        checks: [
          ['OpenSSL library', no, "/usr/bin/ld: /tmp/x.o: undefined reference to `SSL_get1_peer'"],
        ],
        error: 'SSL modules require the OpenSSL library.',
      },
      /undefined reference/,
      /from the same package: the library that was found has no SSL_get1_peer/,
    ],
    [
      'XSLT',
      {
        checks: [['libxslt', no, missing('libxslt/xslt.h')]],
        error: 'the HTTP XSLT module requires the libxml2/libxslt libraries.',
      },
      /libxslt: libxslt\/xslt\.h/,
      /libxslt1-dev.*--drop/,
    ],
    [
      'GD',
      {
        checks: [['GD library', no, missing('gd.h')]],
        error: 'the HTTP image filter module requires the GD library.',
      },
      /GD library: gd\.h/,
      /libgd-dev/,
    ],
    [
      'GeoIP',
      {
        checks: [['GeoIP library', no, missing('GeoIP.h')]],
        error: 'the GeoIP module requires the GeoIP library.',
      },
      /GeoIP\.h/,
      /libgeoip-dev/,
    ],
    [
      'perl',
      { checks: [], error: 'perl module ExtUtils::Embed is required' },
      /ExtUtils::Embed/,
      /libperl-dev/,
    ],
    [
      'brotli',
      {
        checks: [['Brotli library', no, missing('brotli/encode.h')]],
        error: 'the HTTP brotli filter module requires the brotli library',
      },
      /Brotli library: brotli\/encode\.h/,
      /libbrotli-dev/,
    ],
    [
      'LuaJIT',
      {
        checks: [['LuaJIT library in /usr/local/', no, missing('luajit.h')]],
        error: 'ngx_http_lua_module requires the LuaJIT library.',
      },
      /luajit\.h/,
      /libluajit-5\.1-dev.*LUAJIT_INC/,
    ],
    [
      'MaxMind',
      {
        checks: [['MaxmindDB library', no, missing('maxminddb.h')]],
        error: 'the geoip2 module requires the maxminddb library.',
      },
      /maxminddb\.h/,
      /libmaxminddb-dev/,
    ],
    [
      'no compiler',
      {
        checks: [['C compiler', no, '/bin/sh: 1: cc: not found']],
        error: 'C compiler cc is not found',
      },
      /cc: not found/,
      /apt-get install gcc/,
    ],
    [
      'a file system that is mounted noexec',
      { checks: [['C compiler', no, '']], error: 'C compiler cc is not found' },
      /the compiler made no program that can be executed/,
      /noexec.*programs that configure compiles must run/,
    ],
    [
      'another machine’s compiler',
      {
        checks: [['C compiler', isWorking, '/bin/sh: 1: objs/autotest: Exec format error']],
        error: 'C compiler aarch64-linux-gnu-gcc is not found',
      },
      /Exec format error/,
      /--cc/,
    ],
    [
      'a library that the loader does not find',
      {
        checks: [
          [
            'C compiler',
            isWorking,
            'objs/autotest: error while loading shared libraries: libssl.so.3: cannot open shared object file',
          ],
        ],
        error: 'C compiler cc is not found',
      },
      /libssl\.so\.3/,
      /make libssl\.so\.3 known to the loader/,
    ],
    [
      'options of an rpm distribution',
      {
        checks: [
          [
            'C compiler',
            no,
            "gcc: fatal error: cannot read spec file '/usr/lib/rpm/redhat/redhat-hardened-cc1': No such file or directory",
          ],
        ],
        error: 'C compiler gcc is not found',
      },
      /cannot read spec file/,
      /--drop -specs=\/usr\/lib\/rpm\/redhat\/redhat-hardened-cc1/,
    ],
    [
      'an option that the compiler does not know',
      {
        checks: [
          [
            'C compiler',
            no,
            'cc: error: unrecognized command-line option ‘-mbranch-protection=standard’',
          ],
        ],
        error: 'C compiler cc is not found',
      },
      /unrecognized/,
      /--drop -mbranch-protection=standard/,
    ],
    [
      'an option that the linker does not know',
      {
        checks: [
          ['--with-ld-opt="-Wl,--nonsense"', no, "/usr/bin/ld: unrecognized option '--nonsense'"],
        ],
        error: 'the invalid value in --with-ld-opt="-Wl,--nonsense"',
      },
      /--nonsense/,
      /--drop -Wl,--nonsense/,
    ],
    [
      'a full disk',
      {
        checks: [['C compiler', no, '/usr/bin/ld: final link failed: No space left on device']],
        error: 'C compiler cc is not found',
      },
      /No space left/,
      /free space/,
    ],
    [
      'a flag of another release',
      {
        checks: [],
        error: 'invalid option "--with-http_v3_module"',
      },
      /^invalid option "--with-http_v3_module"$/,
      /--drop --with-http_v3_module/,
    ],
    [
      'a folder without a module',
      { checks: [], error: 'no ../modules/x/config was found' },
      /config was found/,
      /\.\.\/modules\/x has none/,
    ],
    [
      'sanitizers that crash',
      {
        checks: [['int size', isWorking, 'Segmentation fault']],
        error: 'can not detect int size',
      },
      /int size: Segmentation fault/,
      /--with-cc-opt/,
    ],
    [
      'libatomic',
      {
        checks: [['atomic_ops library', no, missing('atomic_ops.h')]],
        error: 'libatomic_ops library was not found.',
      },
      /atomic_ops\.h/,
      /libatomic-ops-dev/,
    ],
    [
      'an unknown header',
      {
        checks: [['odd library', no, missing('odd/odd.h')]],
        error: 'the odd module requires the odd library.',
      },
      /odd\/odd\.h/,
      /install the package that has odd\/odd\.h/,
    ],
  ])('%s', (_, failure, message, help) => {
    const found = stopped(failure)
    expect(found.message).toMatch(message)
    expect(found.message).not.toMatch(/d_namlen|storage size/)
    expect(found.help).toMatch(help)
  })

  test('after a successful check: its own sentence alone', () => {
    const found = configureError(
      ['checking for C compiler ... found', './configure: error: odd'],
      block('crypt_r()', 'objs/autotest.c:5:1: error: x'),
    )
    expect(found).toEqual({ message: 'odd', help: null })
  })
  test('without any sentence: the last line', () => {
    expect(configureError(['config: 3: Syntax error: "fi" unexpected', ''], '')).toMatchObject({
      message: 'config: 3: Syntax error: "fi" unexpected',
      help: expect.stringContaining('CRLF'),
    })
  })
})

describe('make that fails', () => {
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
    ['a.c:3:10: fatal error: lualib.h: No such file or directory', 'a.c', /libluajit-5\.1-dev/],
    ['a.c:3:10: fatal error: ndk.h: No such file or directory', 'a.c', /ndk in front of this one/],
    ['a.c:3:10: fatal error: odd.h: No such file or directory', 'a.c', /package that has odd\.h/],
    [
      "../modules/x/a.c:9:8: error: 'ngx_http_upstream_srv_conf_t' has no member named 'shm_zone'",
      '../modules/x/a.c',
      /for another release of nginx/,
    ],
    [
      "../modules/x/a.c:9:8: error: too few arguments to function 'ngx_http_set_header'",
      '../modules/x/a.c',
      /for another release of nginx/,
    ],
    [
      "src/event/ngx_event_openssl.c:9:8: error: dereferencing pointer to incomplete type 'SSL'",
      'src/event/ngx_event_openssl.c',
      /older than the installed library/,
    ],
    [
      "a.c:9:8: error: implicit declaration of function 'SSL_CTX_set_ciphersuites'",
      'a.c',
      /--openssl/,
    ],
    ['gcc: fatal error: Killed signal terminated program cc1', null, /--jobs 1/],
    ['/usr/bin/ld: cannot find -lpcre2-8: No such file or directory', null, /libpcre2-8/],
    ["/usr/bin/ld: objs/x.o: undefined reference to `f'", null, /library is missing/],
    ['a.c:1: error: cannot write: No space left on device', 'a.c', /free space/],
    [
      "{standard input}: Fatal error: can't write 3888 bytes to section .debug_info: 'No space left on device'",
      null,
      /free space/,
    ],
  ])('%s', (line, file, help) => {
    const found = firstError(['cc -c x.c', line, 'make: *** [objs/Makefile:1: x.o] Error 1'])
    expect(found?.file).toBe(file)
    expect(found?.help).toMatch(help)
  })
  test('a submodule that is missing', () => {
    const line =
      "make[1]: *** No rule to make target '../modules/b/deps/x.c', needed by 'x.o'.  Stop."
    expect(firstError([line])).toMatchObject({
      message: '../modules/b/deps/x.c does not exist',
      help: expect.stringContaining('submodules'),
    })
  })
  test('make alone names none', () => {
    expect(firstError(['make: *** [x] Error 1'])).toBeNull()
  })
})
