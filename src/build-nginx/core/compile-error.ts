/** What went wrong in a compilation, as far as its output tells. */
export interface CompileError {
  /** Relative to the build's folder, as the compiler wrote it; null without a place. */
  readonly file: string | null
  readonly line: number | null
  readonly message: string
  readonly help: string | null
}

const located = /^((?:[^\s:]|(?<!:) )+):(\d+):(?:\d+:)? (?:fatal )?error: (.*)$/
const unlocated =
  /^(?:cc1|gcc|cc|clang|collect2|ld|\S*ld(?:\.\w+)?|\S*gcc\S*|\S*clang\S*): (?:fatal )?error: (.*)$/
const linker = /^(?:\S*ld: )?(.*: undefined reference to .*|cannot find -l\S+.*)$/

/** The first that matches gives the remedy. */
const remedies: readonly (readonly [RegExp, string])[] = [
  [/No space left on device/, 'make room on the disk, or name another --cache'],
  [
    /Killed signal|internal compiler error: Killed|signal terminated program/,
    'the compiler was killed, as a rule for want of memory: try again with --jobs 1',
  ],
  [/current_salt/, 'this C library needs nginx 1.15.0 or later, or the compat patch of sessctl'],
  [
    /\[-Werror=([\w=+-]+)\]/,
    'the source is older than the compiler, which warns of more: -- --with-cc-opt=-Wno-error=$1',
  ],
  [
    /\[-Werror,-W([\w=+-]+)\]/,
    'the source is older than the compiler, which warns of more: -- --with-cc-opt=-Wno-error=$1',
  ],
  [/openssl\/\S+: No such file/, 'install the headers of OpenSSL (libssl-dev, openssl-devel)'],
  [/pcre2?\.h: No such file/, 'install the headers of PCRE (libpcre2-dev, pcre2-devel)'],
  [/zlib\.h: No such file/, 'install the headers of zlib (zlib1g-dev, zlib-devel)'],
  [/(\S+\.h): No such file/, 'install the package that has $1'],
  [
    /undefined reference|cannot find -l/,
    'a library is missing, or is of another version than its headers',
  ],
]

const helpFor = (message: string): string | null => {
  for (const [pattern, help] of remedies) {
    const match = pattern.exec(message)
    if (match !== null) return help.replace('$1', match[1] ?? '')
  }
  return null
}

/** The first error in what make(1) and the compiler said; null when they named none. */
export const firstError = (lines: readonly string[]): CompileError | null => {
  for (const line of lines) {
    const place = located.exec(line)
    if (place !== null) {
      const [, file = '', number = '', message = ''] = place
      return { file, line: Number(number), message, help: helpFor(message) }
    }
    const message = unlocated.exec(line)?.[1] ?? linker.exec(line)?.[1]
    if (message !== undefined) return { file: null, line: null, message, help: helpFor(message) }
  }
  const killed = lines.find((line) => /\b(Killed|No space left on device)\b/.test(line))
  return killed === undefined
    ? null
    : { file: null, line: null, message: killed, help: helpFor(`${killed} Killed signal`) }
}

const missingLibraries: readonly (readonly [RegExp, string])[] = [
  [
    /requires the PCRE library/,
    'apt-get install libpcre2-dev, dnf install pcre2-devel, or -- --without-http_rewrite_module',
  ],
  [
    /requires the (\w+ )?OpenSSL library|SSL modules require/,
    'apt-get install libssl-dev, dnf install openssl-devel, or leave the ssl modules out',
  ],
  [
    /requires the zlib library/,
    'apt-get install zlib1g-dev, dnf install zlib-devel, or -- --without-http_gzip_module',
  ],
  [
    /C compiler cc is not found|C compiler .* is not found/,
    'apt-get install gcc, dnf install gcc, or name one with --cc',
  ],
  [/invalid option "([^"]*)"/, 'this release does not know $1'],
  [
    /can not detect int size|cannot run/i,
    'the compiler makes programs that do not run here: check --cc and its options',
  ],
]

/** Why configure stopped: its own sentence, and what autoconf.err says at its end. */
export const configureError = (
  lines: readonly string[],
  autoconf: string,
): { readonly message: string; readonly help: string | null } => {
  const said = lines.find((line) => /^\S*configure: error: |: error: /.test(line))
  const message = (
    said ??
    lines.findLast((line) => line.trim() !== '') ??
    'it said nothing'
  ).replace(/^.*?error: /, '')
  for (const [pattern, help] of missingLibraries) {
    const match = pattern.exec(message)
    if (match !== null) return { message, help: help.replace('$1', match[1] ?? '') }
  }
  const cause = autoconf.split('\n').findLast((line) => /error|cannot|undefined/.test(line))
  return {
    message,
    help: cause === undefined ? null : `objs/autoconf.err ends with: ${cause.trim()}`,
  }
}
