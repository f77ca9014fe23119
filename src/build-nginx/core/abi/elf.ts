import { definedVersions, type NeededVersion, neededVersions } from './versions.ts'

/** What is needed of an ELF file: its memory image, its dynamic symbols, and where pointers lead. */
export interface Elf {
  readonly pointerSize: 4 | 8
  readonly machine: number
  /** Names of the shared libraries that it is linked with. */
  readonly needed: readonly string[]
  /** Folders where its libraries are searched first (RUNPATH or RPATH), as written. */
  readonly runPaths: readonly string[]
  /** Addresses of dynamic symbols. */
  readonly symbols: ReadonlyMap<string, number>
  /** Dynamic symbols that it defines for others. */
  readonly defined: ReadonlySet<string>
  /** Dynamic symbols that another file must define; weak ones, which may be absent, are left out. */
  readonly undefined: readonly string[]
  /** Versions of symbols (`GLIBC_2.34`) that it needs of a library. */
  readonly neededVersions: readonly NeededVersion[]
  /** Versions of symbols that it defines; empty for a library without versions. */
  readonly definedVersions: ReadonlySet<string>
  /** An unsigned number of a pointer's size; null outside of the file. */
  readonly word: (address: number) => number | null
  /** A pointer as the loader would leave it; null for one that leads nowhere. */
  readonly pointer: (address: number) => number | null
  /** Text up to its NUL. */
  readonly text: (address: number) => string | null
}

interface Segment {
  readonly address: number
  readonly offset: number
  readonly size: number
}

interface Section {
  readonly type: number
  readonly offset: number
  readonly size: number
  readonly link: number
  /** Of a table of versions: the number of its entries. */
  readonly info: number
  readonly entrySize: number
}

const sectionTypes = {
  rela: 4,
  dynamic: 6,
  rel: 9,
  dynamicSymbols: 11,
  definedVersions: 0x6ffffffd,
  neededVersions: 0x6ffffffe,
} as const
const tags = { needed: 1, rpath: 15, runpath: 29 } as const
const weakBinding = 2
const loadSegment = 1
/** Far above every nginx (a debug build has about 10 MB). */
const mostSections = 4096
/** A linker writes about ten. */
const mostSegments = 256
const longestText = 65_536
/** All names together, in lengths of the file: linkers let a name be the end of another one. */
const namesInFile = 4

class Reader {
  readonly view: DataView
  readonly isWide: boolean
  readonly isLittle: boolean
  constructor(view: DataView, isWide: boolean, isLittle: boolean) {
    this.view = view
    this.isWide = isWide
    this.isLittle = isLittle
  }
  byte(at: number): number {
    return this.view.getUint8(at)
  }
  half(at: number): number {
    return this.view.getUint16(at, this.isLittle)
  }
  int(at: number): number {
    return this.view.getUint32(at, this.isLittle)
  }
  /** Of a pointer's size. Above 2^53 there is no file and no address that is meant here. */
  word(at: number): number {
    return this.isWide ? Number(this.view.getBigUint64(at, this.isLittle)) : this.int(at)
  }
  get size(): 4 | 8 {
    return this.isWide ? 8 : 4
  }
}

const segmentsOf = (reader: Reader): readonly Segment[] => {
  const { isWide } = reader
  const start = reader.word(isWide ? 0x20 : 0x1c)
  const entry = reader.half(isWide ? 0x36 : 0x2a)
  const count = reader.half(isWide ? 0x38 : 0x2c)
  if (count > mostSegments) throw new RangeError('too many program headers')
  return Array.from({ length: count }, (_, index) => start + index * entry)
    .filter((at) => reader.int(at) === loadSegment)
    .map((at) => ({
      offset: reader.word(at + (isWide ? 0x08 : 0x04)),
      address: reader.word(at + (isWide ? 0x10 : 0x08)),
      size: reader.word(at + (isWide ? 0x20 : 0x10)),
    }))
}

const sectionsOf = (reader: Reader): readonly Section[] => {
  const { isWide } = reader
  const start = reader.word(isWide ? 0x28 : 0x20)
  const entry = reader.half(isWide ? 0x3a : 0x2e)
  const count = Math.min(reader.half(isWide ? 0x3c : 0x30), mostSections)
  return Array.from({ length: count }, (_, index) => start + index * entry).map((at) => ({
    type: reader.int(at + 4),
    offset: reader.word(at + (isWide ? 0x18 : 0x10)),
    size: reader.word(at + (isWide ? 0x20 : 0x14)),
    link: reader.int(at + (isWide ? 0x28 : 0x18)),
    info: reader.int(at + (isWide ? 0x2c : 0x1c)),
    entrySize: reader.word(at + (isWide ? 0x38 : 0x24)),
  }))
}

/**
 * Offsets of the entries of tables. All tables together are at most as long as the file, as they are where
 * none overlaps another: a damaged file would otherwise take more time and memory than there is.
 */
const tablesOf = (
  { length }: Uint8Array,
  { size: word }: Reader,
): ((table: Section | undefined) => readonly number[]) => {
  let left = length
  return (table) => {
    if (table === undefined || table.entrySize === 0) return []
    const { offset, size, entrySize } = table
    left -= size
    if (left < 0 || entrySize < 2 * word)
      throw new RangeError('the tables are longer than the file')
    return Array.from(
      { length: Math.floor(size / entrySize) },
      (_, index) => offset + index * entrySize,
    )
  }
}

const textAt = (bytes: Uint8Array, at: number): string => {
  const end = bytes.subarray(at, at + longestText).indexOf(0)
  return Buffer.from(bytes.subarray(at, end === -1 ? at : at + end)).toString('latin1')
}

/** Names of a table of texts. */
const namesIn = (bytes: Uint8Array): ((at: number) => string) => {
  let left = namesInFile * bytes.length
  return (at) => {
    const name = textAt(bytes, at)
    left -= name.length
    if (left < 0) throw new RangeError('the names are longer than the file')
    return name
  }
}

/**
 * @returns null for what is no ELF file, or a damaged one.
 */
export const readElf = (bytes: Uint8Array): Elf | null => {
  const isElf =
    bytes.length > 0x40 && Buffer.from(bytes.subarray(0, 4)).toString('latin1') === '\x7fELF'
  if (!isElf) return null
  try {
    return understand(bytes)
  } catch (error) {
    // A number that leads out of the file.
    if (error instanceof RangeError) return null
    throw error
  }
}

const understand = (bytes: Uint8Array): Elf => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const reader = new Reader(view, bytes[4] === 2, bytes[5] === 1)
  const { isWide, size } = reader
  const segments = segmentsOf(reader)
  const sections = sectionsOf(reader)
  const entriesOf = tablesOf(bytes, reader)
  const nameAt = namesIn(bytes)
  const symbolAt = (at: number) => ({
    name: reader.int(at),
    address: reader.word(at + (isWide ? 8 : 4)),
    isWeak: reader.byte(at + (isWide ? 4 : 12)) >> 4 === weakBinding,
    isDefined: reader.half(at + (isWide ? 6 : 14)) !== 0,
  })
  const table = sections.find(({ type }) => type === sectionTypes.dynamicSymbols)
  const names = sections[table?.link ?? -1]
  const symbolEntries = entriesOf(table)
  const symbols = new Map<string, number>()
  const defined = new Set<string>()
  const missing = new Set<string>()
  for (const symbol of symbolEntries.map(symbolAt)) {
    if (names === undefined || symbol.name === 0) continue
    const name = nameAt(names.offset + symbol.name)
    if (symbol.address !== 0) symbols.set(name, symbol.address)
    if (symbol.isDefined) defined.add(name)
    else if (!symbol.isWeak) missing.add(name)
  }

  const dynamic = sections.find(({ type }) => type === sectionTypes.dynamic)
  const libraries = sections[dynamic?.link ?? -1]
  const entries = libraries === undefined ? [] : entriesOf(dynamic)
  const textsOf = (tag: number): readonly string[] =>
    entries
      .filter((at) => reader.word(at) === tag)
      .map((at) => nameAt((libraries?.offset ?? 0) + reader.word(at + size)))
  // The dynamic linker ignores RPATH where there is a RUNPATH.
  const [runPath = textsOf(tags.rpath)[0]] = textsOf(tags.runpath)

  const versionTable = (type: number) => {
    const found = sections.find((section) => section.type === type)
    const texts = sections[found?.link ?? -1]
    return found === undefined || texts === undefined
      ? null
      : { ...found, nameAt: (at: number) => nameAt(texts.offset + at), reader }
  }

  const offsetOf = (address: number): number | null => {
    const found = segments.find((one) => address >= one.address && address < one.address + one.size)
    return found === undefined ? null : address - found.address + found.offset
  }
  /** What the loader puts in place of what the file has. */
  const relocated = new Map<number, number>()
  for (const section of sections) {
    if (section.type !== sectionTypes.rela && section.type !== sectionTypes.rel) continue
    for (const at of entriesOf(section)) {
      const address = reader.word(at)
      const info = reader.word(at + size)
      const symbol = isWide ? Math.floor(info / 2 ** 32) : info >>> 8
      const entry = symbolEntries[symbol]
      const base = symbol === 0 || entry === undefined ? 0 : symbolAt(entry).address
      const offset = offsetOf(address)
      const own = offset === null ? 0 : reader.word(offset)
      const addend = section.type === sectionTypes.rela ? reader.word(at + 2 * size) : own
      relocated.set(address, base + addend)
    }
  }
  const word = (address: number): number | null => {
    const at = offsetOf(address)
    return at === null ? null : reader.word(at)
  }
  return {
    pointerSize: size,
    machine: reader.half(0x12),
    needed: textsOf(tags.needed),
    runPaths: (runPath ?? '').split(':').filter((folder) => folder !== ''),
    symbols,
    defined,
    undefined: [...missing],
    neededVersions: neededVersions(versionTable(sectionTypes.neededVersions)),
    definedVersions: definedVersions(versionTable(sectionTypes.definedVersions)),
    word,
    pointer: (address) => {
      const target = relocated.get(address) ?? word(address)
      return target === null || target === 0 ? null : target
    },
    text: (address) => {
      const at = offsetOf(address)
      return at === null ? null : textAt(bytes, at)
    },
  }
}
