import type { Misread } from './sources/parse.ts'

/** Variables for configure and make, by their names. */
export type Environment = Readonly<Record<string, string>>

/** Names that would change what programs are run, and the option that is there instead. */
const taken: readonly (readonly [RegExp, string])[] = [
  [/^(PATH|HOME|TMPDIR|LC_ALL|LANG|TZ|SOURCE_DATE_EPOCH)$/, 'sessctl sets it itself'],
  [/^CC$/, 'use --cc'],
  [/^(CFLAGS|CPPFLAGS)$/, 'use -- --with-cc-opt='],
  [/^LDFLAGS$/, 'use -- --with-ld-opt='],
  [/^(C_INCLUDE_PATH|CPATH)$/, 'use -- --with-cc-opt=-I'],
  [/^LIBRARY_PATH$/, 'use -- --with-ld-opt=-L'],
  [/^LD_/, 'use -- --with-ld-opt=-Wl,-rpath,FOLDER'],
  [
    /^(ENV|BASH_ENV|BASH_FUNC_.*|SHELL|SHELLOPTS|IFS|CDPATH|PS4|MAKE.*|MFLAGS|GIT_.*|PERL.*|PYTHON.*|GCC_.*|COMPILER_PATH)$/,
    'it would change which programs the build runs',
  ],
]

/** Read by Lua when the smoke test starts nginx, and by no shell. */
const isOfLua = (name: string): boolean => /^LUA_C?PATH$/.test(name)

/**
 * `NAME=VALUE`. configure puts variables into the commands that it evaluates (auto/feature), so a value is
 * shell text there: only characters that mean nothing to a shell are allowed.
 */
export const parseVariable = (text: string): readonly [string, string] | Misread => {
  const [, name = '', value = ''] = /^([A-Za-z_][A-Za-z0-9_]*)=([\s\S]*)$/.exec(text) ?? []
  if (name === '')
    return {
      misread: `expected NAME=VALUE, found ${text}`,
      help: 'write, for example, LUAJIT_LIB=/usr/lib',
    }
  const other = taken.find(([pattern]) => pattern.test(name))
  if (other !== undefined) return { misread: `${name} cannot be set for a build`, help: other[1] }
  const allowed = isOfLua(name) ? /^[A-Za-z0-9_@%+=:,./~?; -]*$/ : /^[A-Za-z0-9_@%+=:,./~ -]*$/
  if (allowed.test(value)) return [name, value]
  return {
    misread: `the value of ${name} has a character that the shell of configure would evaluate`,
    help: 'use letters, digits, spaces and _@%+=:,./~- only',
  }
}

/** In one order, so that the same variables give the same recipe; the last value of a name counts. */
export const environmentOf = (pairs: readonly (readonly [string, string])[]): Environment =>
  Object.fromEntries([...new Map(pairs)].toSorted(([a], [b]) => (a < b ? -1 : 1)))
