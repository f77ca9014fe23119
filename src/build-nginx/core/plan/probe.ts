import { type Host, headers, type Library } from './host.ts'

/** What to ask of a host, and how its answers read; asking is not done here. */

export const compilerOf = (command: string, versionText: string): Host['compiler'] => {
  const [text = ''] = versionText.split('\n')
  const version =
    /(?:version |\) )(\d+(?:\.\d+)+)/.exec(text)?.[1] ?? /(\d+\.\d+(?:\.\d+)?)/.exec(text)?.[1]
  if (version === undefined) return null
  const family = /clang/i.test(text)
    ? 'clang'
    : /Free Software|gcc|GCC|^cc |\(Debian|\(Ubuntu|\(GNU/i.test(versionText)
      ? 'gcc'
      : 'other'
  return { command, family, version, text: text.trim() }
}

/** Arguments of the compiler that print what the preprocessor knows after a header. */
export const headerQuestion = (include: string, options: readonly string[]): readonly string[] => [
  ...options,
  '-DPCRE2_CODE_UNIT_WIDTH=8',
  '-E',
  '-dM',
  '-include',
  include,
  '-x',
  'c',
  '/dev/null',
]

/** Each library with the header to ask for. */
export const questions: readonly {
  readonly library: Library
  readonly include: string
  readonly options: readonly string[]
}[] = headers.flatMap(({ library, includes, folders = [] }) =>
  includes.map((include) => ({ library, include, options: folders.map((path) => `-I${path}`) })),
)

/** @param macros null: there is no such header. */
export const versionIn = (library: Library, macros: string | null): string | null => {
  const header = headers.find((one) => one.library === library)
  if (header === undefined || macros === null) return null
  const parts = header.version.map((part) => part.exec(macros)?.[1])
  return parts.includes(undefined) ? null : parts.join('.')
}

export const cryptHeader = 'crypt.h'
export const isLibxcrypt = (macros: string): boolean => /#define XCRYPT_VERSION_NUM/.test(macros)

/** Of /etc/os-release. */
export const packagesOf = (osRelease: string): Host['packages'] => {
  const ids = [...osRelease.matchAll(/^ID(?:_LIKE)?="?([^"\n]*)"?$/gm)].flatMap(([, value = '']) =>
    value.split(' '),
  )
  if (ids.some((id) => id === 'debian' || id === 'ubuntu')) return 'debian'
  const isRpm = ids.some((id) =>
    ['fedora', 'rhel', 'centos', 'suse', 'opensuse', 'amzn'].includes(id),
  )
  return isRpm ? 'rpm' : null
}
