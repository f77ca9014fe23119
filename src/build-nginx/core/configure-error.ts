/** Why configure failed: its own sentence, the check that it stopped at, and what helps. */
export interface ConfigureError {
  readonly message: string
  readonly help: string | null
}

/** One `checking for NAME ... ANSWER`, with what its test program caused in objs/autoconf.err. */
interface Check {
  readonly name: string
  readonly isFound: boolean
  /** Null: nothing was logged for this check. */
  readonly log: readonly string[] | null
}

/** `PCRE library in /usr/local/` is the same question as `PCRE library`. */
const baseOf = (name: string): string => name.replace(/ in \/.*$/, '')

/** By the title of each block; what the compiler and the test program wrote is above the first dashes. */
const logsIn = (autoconf: string): ReadonlyMap<string, readonly string[]> =>
  new Map(
    autoconf.split(/^-{40}$/m).flatMap((block) => {
      const [title = '', ...rest] = block.trimStart().split('\n')
      const name = /^checking for (.*)$/.exec(title)?.[1]
      const end = rest.findIndex((line) => /^-{10}$/.test(line))
      const log = (end === -1 ? rest : rest.slice(0, end)).filter((line) => line.trim() !== '')
      return name === undefined ? [] : [[name, log] as const]
    }),
  )

/**
 * The check that configure stopped at: the last one, and of several places where it looked for a library
 * the first. Null when the last check was successful: something else ended it.
 */
const failedCheck = (lines: readonly string[], autoconf: string): Check | null => {
  const logs = logsIn(autoconf)
  const checks = lines.flatMap((line): readonly Check[] => {
    const [, name, answer = ''] = /^checking for (.*?) \.\.\.(.*)$/.exec(line) ?? []
    if (name === undefined) return []
    return [
      {
        name,
        isFound: /^ (found|using \S+|yes|\d+ bytes)$/.test(answer),
        log: logs.get(name) ?? null,
      },
    ]
  })
  const last = checks.at(-1)
  if (last === undefined || last.isFound) return null
  const base = baseOf(last.name)
  const first = (searched: string) => checks.find(({ name }) => name === searched)
  // nginx 1.21.5 and later searches for PCRE2 first, which is the one to install.
  return first(base.replace(/^PCRE /, 'PCRE2 ')) ?? first(base) ?? last
}

const isComplaint = (line: string): boolean =>
  /error|cannot|undefined reference|not found|denied|No such|Exec format|Killed|Segmentation/.test(
    line,
  )

/** The first complaint of the compiler, the linker or the test program. */
const causeIn = ({ log }: Check): string | null => {
  const line = log?.find(isComplaint) ?? log?.[0]
  return line?.replace(/^(?:\S+: )*?(?:fatal )?error: /, '').trim() ?? null
}

const packages = (debian: string, rpm: string): string =>
  `apt-get install ${debian}, or dnf install ${rpm}`

/** Headers of libraries, with the packages that have them. */
const headerPackages: readonly (readonly [RegExp, string])[] = [
  [/openssl\//, packages('libssl-dev', 'openssl-devel')],
  [/pcre2\.h/, packages('libpcre2-dev', 'pcre2-devel')],
  [/pcre\.h/, packages('libpcre3-dev', 'pcre-devel')],
  [/zlib\.h/, packages('zlib1g-dev', 'zlib-devel')],
  [/libxslt|libxml|libexslt/, packages('libxslt1-dev', 'libxslt-devel')],
  [/gd\.h/, packages('libgd-dev', 'gd-devel')],
  [/GeoIP/, packages('libgeoip-dev', 'GeoIP-devel')],
  [/maxminddb/, packages('libmaxminddb-dev', 'libmaxminddb-devel')],
  [/brotli\//, packages('libbrotli-dev', 'brotli-devel')],
  [/zstd/, packages('libzstd-dev', 'libzstd-devel')],
  [
    /lua(jit|lib|conf)?\.h|luajit/,
    `${packages('libluajit-5.1-dev', 'luajit-devel')}, and set LUAJIT_INC and LUAJIT_LIB`,
  ],
  [/modsecurity/, packages('libmodsecurity-dev', 'libmodsecurity-devel')],
  [/pam_appl/, packages('libpam0g-dev', 'pam-devel')],
  [/ldap\.h/, packages('libldap-dev', 'openldap-devel')],
  [/curl\//, packages('libcurl4-openssl-dev', 'libcurl-devel')],
  [/crypt\.h/, packages('libcrypt-dev', 'libxcrypt-devel')],
  [/atomic_ops/, packages('libatomic-ops-dev', 'libatomic_ops-devel')],
  [/EXTERN\.h|perl\.h/, packages('libperl-dev', 'perl-devel perl-ExtUtils-Embed')],
  [/google\/profiler|gperftools/, packages('libgoogle-perftools-dev', 'gperftools-devel')],
  [
    /sys\/types\.h|stdio\.h|stdlib\.h|unistd\.h|limits\.h|errno\.h|string\.h/,
    packages('libc6-dev', 'glibc-devel'),
  ],
]

/** The packages that have a header; null for one that is not known. */
export const packagesWith = (header: string): string | null =>
  headerPackages.find(([pattern]) => pattern.test(header))?.[1] ?? null

const leaveOut: readonly (readonly [RegExp, string])[] = [
  [
    /rewrite module requires|PCRE library/,
    ', or build without it: -- --without-http_rewrite_module',
  ],
  [/gzip module requires|zlib library/, ', or build without it: -- --without-http_gzip_module'],
  [/SSL modules require|OpenSSL library/, ', or set --openssl, or remove the ssl modules (--drop)'],
  [/XSLT|image filter|GeoIP|perl module/i, ', or remove the module (--drop)'],
]

/** The first that matches gives the remedy; `$1` is what its first group matched. */
const remedies: readonly (readonly [RegExp, string])[] = [
  [
    /No space left on device|Disk quota exceeded/,
    'free space on the disk, or set another folder with --cache',
  ],
  [
    /invalid option "([^"]*)"/,
    'remove $1: this release of nginx has no such flag (--drop $1 for a flag of --like)',
  ],
  [
    /cannot read spec file '([^']*)'/,
    'remove the option of another distribution: --drop -specs=$1',
  ],
  [
    /unrecognized (?:command-line|debug output level|argument in) option [‘']([^’']*)/,
    'remove the option, which this compiler does not have: --drop $1',
  ],
  [
    /unrecognized command-line option [‘']([^’']*)/,
    'remove the option, which this compiler does not have: --drop $1',
  ],
  [
    /unrecognized option '?([^'\s]*)/,
    'remove the option, which this linker does not have: --drop -Wl,$1',
  ],
  [/bad value \(?[‘']?([\w.-]+)/, 'use a processor that this compiler knows: $1 is not one'],
  [
    /autotest: Permission denied|C compiler:.*(made no program that can be executed)/,
    'set --cache to a folder on a file system that is not mounted with "noexec": programs that configure compiles must run',
  ],
  [/Exec format error/, 'use a compiler for this machine (--cc): its programs do not run here'],
  [
    /error while loading shared libraries: ([^:]+):/,
    'make $1 known to the loader (ldconfig), or add its folder: -- --with-ld-opt=-Wl,-rpath,FOLDER',
  ],
  [
    /Segmentation fault|Aborted|Illegal instruction/,
    'check the processor options in --with-cc-opt (-march, -fsanitize): the test program crashes',
  ],
  [
    /Can't locate ExtUtils\/Embed\.pm|ExtUtils::Embed is required/,
    packages('libperl-dev', 'perl-ExtUtils-Embed'),
  ],
  [
    /no (\S+)\/config was found/,
    'name the folder of the module that has the file "config": $1 has none',
  ],
  [
    /(?:Syntax error|unexpected|\r: not found|: not found\r)/,
    'check the file "config" of the module (its line ends must not be CRLF): the shell cannot read it',
  ],
  [
    /C compiler.*not found.*: (?:not found|No such file)/s,
    'install a compiler (apt-get install gcc, dnf install gcc), or set one with --cc',
  ],
  [
    /cannot find -l([\w.+-]+)/,
    'install the development package of lib$1, or add its folder: -- --with-ld-opt=-LFOLDER',
  ],
  [/cannot find (\S*crt\S*\.o|libc\S*)/, packages('libc6-dev', 'glibc-devel')],
  [
    /undefined reference to [`‘']([^'’]*)/,
    'install the library and its headers from the same package: the library that was found has no $1',
  ],
  [
    /collect2: .*ld.*not found|cannot find [‘']ld/,
    'install the linker (apt-get install binutils, dnf install binutils)',
  ],
  [
    /can ?not detect int size|can not define uint32_t|can not find/,
    'check --cc and its options: the programs that this compiler makes do not run on this host',
  ],
  [
    /C compiler \S+ is not found/,
    'install a compiler (apt-get install gcc, dnf install gcc), or set one with --cc',
  ],
  [/XSLT module requires/, packages('libxslt1-dev', 'libxslt-devel')],
  [/image filter module requires/, packages('libgd-dev', 'gd-devel')],
  [/GeoIP module requires/, packages('libgeoip-dev', 'GeoIP-devel')],
  [/brotli/i, packages('libbrotli-dev', 'brotli-devel')],
  [/LuaJIT|lua library/i, packagesWith('luajit.h') ?? ''],
  [/libatomic_ops/, packages('libatomic-ops-dev', 'libatomic_ops-devel')],
  [/Google perftools/i, packages('libgoogle-perftools-dev', 'gperftools-devel')],
  [/PCRE library/, packages('libpcre2-dev', 'pcre2-devel')],
  [/OpenSSL library|SSL modules require/, packages('libssl-dev', 'openssl-devel')],
  [/zlib library/, packages('zlib1g-dev', 'zlib-devel')],
]

const remedyFor = (text: string): string | null => {
  const header =
    /(?:search for )?([\w./+-]+\.h)(?:: No such file|$)|[‘'"]([\w./+-]+\.h)[’'"] file not found/m.exec(
      text,
    )
  const name = header?.[1] ?? header?.[2]
  if (name !== undefined)
    return (
      packagesWith(name) ??
      `install the package that has ${name}, or add its folder: -- --with-cc-opt=-IFOLDER`
    )
  for (const [pattern, help] of remedies) {
    const match = pattern.exec(text)
    if (match !== null) return help.replaceAll('$1', match[1] ?? '')
  }
  return null
}

/**
 * @param lines what configure printed.
 * @param autoconf the text of objs/autoconf.err.
 */
export const configureError = (lines: readonly string[], autoconf: string): ConfigureError => {
  const said = lines.findLast((line) => /^\S*configure: error: |: error: /.test(line))
  const last = lines.findLast((line) => line.trim() !== '') ?? 'without a message'
  const message = said === undefined ? last : said.replace(/^.*?error: /, '')
  const check = /invalid option/.test(message) ? null : failedCheck(lines, autoconf)
  const cause =
    check === null
      ? null
      : (causeIn(check) ??
        (check.log === null ? null : 'the compiler made no program that can be executed'))
  const detail = cause === null || check === null ? null : `${check.name}: ${cause}`
  const help = remedyFor([message, detail ?? '', last].join('\n'))
  const without = leaveOut.find(([pattern]) => pattern.test(message))?.[1] ?? ''
  return {
    message: detail === null ? message : `${message}\n  ${detail}`,
    help: help === null ? null : `${help}${/^apt-get/.test(help) ? without : ''}`,
  }
}
