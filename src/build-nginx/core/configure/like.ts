import { type Flag, flagText, isSourceFlag, parseFlag } from './flags.ts'
import { printedArguments } from './printed.ts'

/** The configure arguments of an nginx, as another build uses them. */
export interface InheritedFlags {
  readonly flags: readonly string[]
  readonly removed: readonly { readonly flag: string; readonly reason: string }[]
}

export interface Inheritance {
  /** Only modules for that nginx are built. */
  readonly isForModules: boolean
  /** Flags and compiler options to remove (--drop). */
  readonly dropped: readonly string[]
  /** Options that the compiler of this host refuses, with the reason. */
  readonly refused: ReadonlyMap<string, string>
}

/** A dynamic module of nginx itself: it does not change nginx and its structs. */
const isSharedModule = ({ value }: Flag): boolean => value === 'dynamic'

/** Paths of the host that built it: as a search path or a mapping they mean nothing here. */
const foreignPath = /^-f(?:file|debug|macro)-prefix-map=\S+$/

const optionFlags: ReadonlySet<string> = new Set(['--with-cc-opt', '--with-ld-opt'])

const optionsOf = ({ name, value }: Flag): readonly string[] =>
  optionFlags.has(name) ? (value ?? '').split(/\s+/).filter((option) => option !== '') : []

/** The options of the compiler and the linker in the arguments of an nginx. */
export const compilerOptions = (written: string): readonly string[] =>
  (printedArguments(written) ?? [])
    .map(parseFlag)
    .flatMap(optionsOf)
    .filter((option) => !foreignPath.test(option))

/** `--with-http_xslt_module`, `http_xslt_module`, `http_xslt` or a whole flag with its value. */
const isNamed = (flag: Flag, wanted: string): boolean =>
  wanted === flagText(flag) ||
  [wanted, `--with-${wanted}`, `--with-${wanted}_module`].includes(flag.name)

const isNamedOption = (option: string, wanted: string): boolean =>
  option === wanted || option.startsWith(`${wanted}=`)

const reasonFor = (flag: Flag, { isForModules, dropped }: Inheritance): string | null => {
  if (dropped.some((wanted) => isNamed(flag, wanted))) return 'removed by --drop'
  if (isSourceFlag(flag))
    return 'its sources are not on this host: add them with --module, --openssl, --pcre or --zlib'
  if (flag.name === '--build') return 'this build gets its own name'
  if (isForModules && isSharedModule(flag))
    return 'a separate shared object: it does not change nginx itself'
  return null
}

const reasonForOption = (option: string, { dropped, refused }: Inheritance): string | null =>
  dropped.some((wanted) => isNamedOption(option, wanted))
    ? 'removed by --drop'
    : (refused.get(option) ?? null)

/**
 * The arguments to build the same again.
 * @param written as `nginx -V` prints them.
 * @returns null when they cannot be read.
 */
export const inheritFlags = (written: string, inheritance: Inheritance): InheritedFlags | null => {
  const words = printedArguments(written)
  if (words === null) return null
  const flags: string[] = []
  const removed: { flag: string; reason: string }[] = []
  for (const flag of words.map(parseFlag)) {
    const reason = reasonFor(flag, inheritance)
    if (reason !== null) {
      removed.push({ flag: flagText(flag), reason })
    } else if (optionFlags.has(flag.name)) {
      const kept = optionsOf(flag).filter((option) => {
        const why = reasonForOption(option, inheritance)
        if (why !== null) removed.push({ flag: option, reason: why })
        return why === null && !foreignPath.test(option)
      })
      flags.push(flagText({ name: flag.name, value: kept.join(' ') }))
    } else {
      flags.push(flagText(flag))
    }
  }
  return { flags, removed }
}

/** What --drop names, and the arguments do not have. */
export const unknownDrops = (written: string, dropped: readonly string[]): readonly string[] => {
  const flags = (printedArguments(written) ?? []).map(parseFlag)
  return dropped.filter(
    (wanted) =>
      !flags.some((flag) => isNamed(flag, wanted)) &&
      !flags.flatMap(optionsOf).some((option) => isNamedOption(option, wanted)),
  )
}

/** Arguments that only one side has. */
export const flagDifference = (
  before: readonly string[],
  after: readonly string[],
): { readonly removed: readonly string[]; readonly added: readonly string[] } => ({
  removed: before.filter((flag) => !after.includes(flag)),
  added: after.filter((flag) => !before.includes(flag)),
})
