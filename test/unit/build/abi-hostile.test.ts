import { describe, expect, test } from 'vitest'
import { readElf } from '../../../src/build-nginx/core/abi/elf.ts'

/** CPU time, so that a busy machine fails no test. */
const mostMs = 2000

interface Shape {
  readonly sections?: number
  readonly segments?: number
  readonly type: number
  readonly entrySize: number
  /** Of each section. */
  readonly size: number
}

/** A 64-bit file in which every section is the same table, and every program header the same. */
const fileOf = (
  length: number,
  { sections = 1, segments = 0, type, entrySize, size }: Shape,
): Buffer => {
  const bytes = Buffer.alloc(length)
  Buffer.from('\u007fELF\u0002\u0001\u0001', 'latin1').copy(bytes)
  bytes.writeBigUInt64LE(0x40n, 0x20)
  bytes.writeUInt16LE(0, 0x36)
  bytes.writeUInt16LE(segments, 0x38)
  bytes.writeBigUInt64LE(0x80n, 0x28)
  bytes.writeUInt16LE(0, 0x3a)
  bytes.writeUInt16LE(sections, 0x3c)
  bytes.writeUInt32LE(1, 0x40)
  bytes.writeUInt32LE(type, 0x84)
  bytes.writeBigUInt64LE(0x100n, 0x98)
  bytes.writeBigUInt64LE(BigInt(size), 0xa0)
  bytes.writeUInt32LE(0, 0xa8)
  bytes.writeBigUInt64LE(BigInt(entrySize), 0xb8)
  return bytes
}

const length = 4 * 2 ** 20
const [relocations, symbols] = [4, 11]

/** Symbols in the first half, with names of up to 60,000 characters in the second one. */
const longNames = (): Buffer => {
  const size = length / 2 - 0x200
  const bytes = fileOf(length, { type: symbols, entrySize: 24, size })
  bytes.fill('a', length / 2)
  for (let at = length / 2; at < length; at += 60_000) bytes[at] = 0
  for (let at = 0x100; at + 24 <= 0x100 + size; at += 24) {
    bytes.writeUInt32LE(length / 2 - 0x100 + (at % 60_000), at)
    bytes.writeUInt32LE(1, at + 8)
  }
  return bytes
}

describe('a file made to take time or memory is refused in time', () => {
  const hostile: Readonly<Record<string, Buffer>> = {
    'a table longer than the file': fileOf(4096, {
      type: symbols,
      entrySize: 1,
      size: 2 ** 31,
    }),
    'entries that overlap': fileOf(length, {
      type: relocations,
      entrySize: 1,
      size: length - 0x200,
    }),
    'sections that overlap': fileOf(length, {
      type: relocations,
      entrySize: 24,
      size: length - 0x200,
      sections: 1000,
    }),
    'more program headers than a linker writes': fileOf(length, {
      type: relocations,
      entrySize: 24,
      size: length - 0x200,
      segments: 65_535,
    }),
    'long names that overlap': longNames(),
  }
  test.each(Object.entries(hostile))('%s', (_, bytes) => {
    const before = process.cpuUsage()
    expect(readElf(bytes)).toBeNull()
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(mostMs)
  })

  test('the same file without the hostile part is read', () => {
    const plain = fileOf(length, { type: relocations, entrySize: 24, size: 2400, segments: 1 })
    expect(readElf(plain)).not.toBeNull()
  })
})
