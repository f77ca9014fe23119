import { configureError } from '../../../../src/build-nginx/core/configure-error.ts'

/** One block of objs/autoconf.err, as auto/feature writes it. */
export const block = (name: string, log: string): string =>
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

export interface Failure {
  readonly checks: readonly (readonly [name: string, answer: string, log: string])[]
  readonly error: string
}

export const stopped = ({ checks, error }: Failure) =>
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

/** Title, what configure wrote, and what the message and the remedy must have. */
export const configureFailures: readonly (readonly [string, Failure, RegExp, RegExp])[] = [
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
    /^the HTTP rewrite module requires the PCRE library\.\n {2}PCRE2 library: pcre2\.h: No such/,
    /libpcre2-dev.*--without-http_rewrite_module/,
  ],
  [
    'PCRE, nginx before 1.21.5',
    {
      checks: [
        ['PCRE library', no, missing('pcre.h')],
        ['PCRE library in /usr/local/', no, missing('pcre.h')],
      ],
      error: 'the HTTP rewrite module requires the PCRE library.',
    },
    / {2}PCRE library: pcre\.h: No such/,
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
]
