import { flagText, isSourceFlag, parseFlag } from './flags.ts'
import { shellWords } from './words.ts'

/** What becomes of the arguments that an nginx was configured with. */
export interface InheritedFlags {
  readonly flags: readonly string[]
  readonly removed: readonly { readonly flag: string; readonly reason: string }[]
}

/** Modules that become shared objects of their own: they are no part of nginx and its structs. */
const isSharedModule = (flag: string): boolean => parseFlag(flag).value === 'dynamic'

/** Paths of the host that built it: as a compiler's search path or a mapping they mean nothing here. */
const foreignPath = /^-f(?:file|debug|macro)-prefix-map=\S+$/

const withoutForeignPaths = (flag: string): string => {
  const { name, value } = parseFlag(flag)
  if (name !== '--with-cc-opt' || value === null) return flag
  const kept = value.split(/\s+/).filter((option) => !foreignPath.test(option))
  return flagText({ name, value: kept.join(' ') })
}

/** Whose name is the build's own. */
const isName = (flag: string): boolean => parseFlag(flag).name === '--build'

const reasonFor = (flag: string, isForModules: boolean): string | null => {
  if (isSourceFlag(parseFlag(flag)))
    return 'its sources are not on this host: add them with --module, --openssl, --pcre or --zlib'
  if (isName(flag)) return 'this build gets its own name'
  if (isForModules && isSharedModule(flag))
    return 'a separate shared object: it does not change nginx itself'
  return null
}

/**
 * The arguments to build the same again.
 * @param written as `nginx -V` shows them.
 * @param isForModules only modules for that nginx are built.
 * @returns null when they are no words of a shell.
 */
export const inheritFlags = (written: string, isForModules: boolean): InheritedFlags | null => {
  const words = shellWords(written)
  if (words === null) return null
  const removed = words.flatMap((flag) => {
    const reason = reasonFor(flag, isForModules)
    return reason === null ? [] : [{ flag, reason }]
  })
  const flags = words.filter((flag) => reasonFor(flag, isForModules) === null)
  return { flags: flags.map(withoutForeignPaths), removed }
}

/** Arguments that only one side has. */
export const flagDifference = (
  before: readonly string[],
  after: readonly string[],
): { readonly removed: readonly string[]; readonly added: readonly string[] } => ({
  removed: before.filter((flag) => !after.includes(flag)),
  added: after.filter((flag) => !before.includes(flag)),
})
