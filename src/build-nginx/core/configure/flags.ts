/** A configure argument: `--with-cc-opt=-O2`, or one without a value. */
export interface Flag {
  readonly name: string
  readonly value: string | null
}

export const parseFlag = (word: string): Flag => {
  const match = /^(--[^=]+)=([\s\S]*)$/.exec(word)
  return match === null
    ? { name: word, value: null }
    : { name: match[1] ?? '', value: match[2] ?? '' }
}

export const flagText = ({ name, value }: Flag): string =>
  value === null ? name : `${name}=${value}`

/** Flags whose value is a folder of sources that exists on the host that built it only. */
const sourceFlags: ReadonlySet<string> = new Set([
  '--add-module',
  '--add-dynamic-module',
  '--with-openssl',
  '--with-pcre',
  '--with-zlib',
  '--with-libatomic',
])

export const isSourceFlag = ({ name, value }: Flag): boolean =>
  sourceFlags.has(name) && value !== null

/** Given twice, their values are put together: configure itself would take the last one. */
const joined: ReadonlySet<string> = new Set([
  '--with-cc-opt',
  '--with-ld-opt',
  '--with-openssl-opt',
])
/** Given twice, they mean two things. */
const repeated: ReadonlySet<string> = new Set(['--add-module', '--add-dynamic-module'])

/** One list of several: later values win, options of the compiler come together, order stays. */
export const mergeFlags = (...lists: readonly (readonly string[])[]): readonly string[] => {
  const merged: Flag[] = []
  for (const flag of lists.flat().map(parseFlag)) {
    const at = repeated.has(flag.name) ? -1 : merged.findIndex(({ name }) => name === flag.name)
    const before = merged[at]
    if (before === undefined) merged.push(flag)
    else if (joined.has(flag.name))
      merged[at] = { ...flag, value: `${before.value ?? ''} ${flag.value ?? ''}`.trim() }
    else merged[at] = flag
  }
  return merged.map(flagText)
}

export const hasFlag = (flags: readonly string[], name: string): boolean =>
  flags.some((flag) => parseFlag(flag).name === name)
