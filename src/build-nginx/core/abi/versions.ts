/** Of a library, the version of its symbols that somebody needs, such as `GLIBC_2.34`. */
export interface NeededVersion {
  readonly library: string
  readonly version: string
}

/** A section of symbol versions: a chain of entries, each with a chain of names. */
export interface VersionTable {
  readonly offset: number
  readonly size: number
  /** The number of its entries. */
  readonly info: number
  /** @throws RangeError outside of the file. */
  readonly nameAt: (at: number) => string
  /** @throws RangeError outside of the file. */
  readonly reader: { readonly half: (at: number) => number; readonly int: (at: number) => number }
}

/** Far above the C library, which has about 50. */
const mostVersions = 4096

interface Chain {
  readonly offset: number
  readonly count: number
  /** Where an entry has the distance to the next one; 0 ends the chain. */
  readonly nextAt: number
}

const chain = ({ offset, count, nextAt }: Chain, { reader }: VersionTable): readonly number[] => {
  const found: number[] = []
  for (let at = offset; found.length < Math.min(count, mostVersions); ) {
    found.push(at)
    const distance = reader.int(at + nextAt)
    if (distance === 0) break
    at += distance
  }
  return found
}

/** ELF's Verneed (version, count, file, first name, next) with its Vernaux (hash, flags, other, name, next). */
export const neededVersions = (table: VersionTable | null): readonly NeededVersion[] => {
  if (table === null) return []
  const { offset, info, nameAt, reader } = table
  const found: NeededVersion[] = []
  for (const at of chain({ offset, count: info, nextAt: 12 }, table)) {
    const library = nameAt(reader.int(at + 4))
    const first = { offset: at + reader.int(at + 8), count: reader.half(at + 2), nextAt: 12 }
    for (const name of chain(first, table))
      found.push({ library, version: nameAt(reader.int(name + 8)) })
    if (found.length > mostVersions) throw new RangeError('too many versions')
  }
  return found
}

/** ELF's Verdef (version, flags, index, count, hash, first name, next) with the first of its Verdaux. */
export const definedVersions = (table: VersionTable | null): ReadonlySet<string> => {
  if (table === null) return new Set()
  const { offset, info, nameAt, reader } = table
  return new Set(
    chain({ offset, count: info, nextAt: 16 }, table).map((at) =>
      nameAt(reader.int(at + reader.int(at + 12))),
    ),
  )
}
