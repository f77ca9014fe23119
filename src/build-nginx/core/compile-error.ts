import { packagesWith } from './configure-error.ts'

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
const linker =
  /^(?:\S*ld: )?(.*: undefined reference to .*|cannot find -l\S+.*|.*: relocation R_\S+ against .*)$/

/** The first that matches gives the remedy; `$1` is what its first group matched. */
const remedies: readonly (readonly [RegExp, string])[] = [
  [/No space left on device/, 'free space on the disk, or set another folder with --cache'],
  [
    /Killed signal|internal compiler error: Killed|signal terminated program/,
    'build with --jobs 1: the compiler was killed, usually because memory ran out',
  ],
  [
    /current_salt/,
    'use nginx 1.15.0 or later, or the compat patch of sessctl: this C library has no current_salt',
  ],
  [
    /\[-Werror=([\w=+-]+)\]/,
    'add -- --with-cc-opt=-Wno-error=$1: the compiler is newer than the source and warns about more',
  ],
  [
    /\[-Werror,-W([\w=+-]+)\]/,
    'add -- --with-cc-opt=-Wno-error=$1: the compiler is newer than the source and warns about more',
  ],
  [/ndk\.h: No such file/, 'build the module ndk before this one: --module ndk'],
  [
    /(ngx_\w+)\.h: No such file/,
    'build the module that has $1.h in front of this one, or use a release of the module for this nginx',
  ],
  [
    /has no member named|(?:too few|too many) arguments to function|incompatible pointer type|unknown type name .ngx_|implicit declaration of function .ngx_|undeclared.*ngx_/,
    'use a release of the module for this nginx: it was written for another release of nginx',
  ],
  [
    /invalid use of incomplete typedef|dereferencing pointer to incomplete type/,
    'use a newer release of nginx or of the module: it is older than the installed library',
  ],
  [
    /implicit declaration of function .(?:SSL|EVP|X509|OPENSSL|RSA|DH|EC)_/,
    'use a newer release of nginx or of the module, or set --openssl: this OpenSSL does not have the function',
  ],
  [/multiple definition of/, 'build only one of the modules that define the same symbol'],
  [
    /recompile with -fPIC|relocation R_\S+ against/,
    'build the static library with -fPIC, or link the shared one',
  ],
  [
    /plugin needed to handle lto object|LTO version/,
    'build the library again with this compiler, or without -flto',
  ],
  [/DSO missing from command line/, 'add the library that is named to -- --with-ld-opt=-lNAME'],
  [
    /cannot find -l([\w.+-]+)/,
    'install the development package of lib$1, or add its folder: -- --with-ld-opt=-LFOLDER',
  ],
  [
    /undefined reference/,
    'install the library and its headers from the same package: a library is missing, or has another version than its headers',
  ],
]

const helpFor = (message: string): string | null => {
  for (const [pattern, help] of remedies) {
    const match = pattern.exec(message)
    if (match !== null) return help.replaceAll('$1', match[1] ?? '')
  }
  const header = /(\S+\.h): No such file/.exec(message)?.[1]
  return header === undefined
    ? null
    : (packagesWith(header) ??
        `install the package that has ${header}, or add its folder: -- --with-cc-opt=-IFOLDER`)
}

/** A file that a Makefile needs and nothing makes: a submodule, as a rule. */
const noRule = /^make.*: \*\*\* No rule to make target '([^']+)'/

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
  const target = lines.map((line) => noRule.exec(line)?.[1]).find((name) => name !== undefined)
  if (target !== undefined)
    return {
      file: null,
      line: null,
      message: `${target} does not exist`,
      help: 'use a source that has the file: an archive of a release, or a git URL, whose submodules are fetched',
    }
  const killed = lines.find((line) => /\b(Killed|No space left on device)\b/.test(line))
  return killed === undefined
    ? null
    : { file: null, line: null, message: killed, help: helpFor(`${killed} Killed signal`) }
}
