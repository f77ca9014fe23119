import { bytesOf, isAscii } from './bytes.ts'

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})

/** A hash that is continued; it begins with -1 and ends with {@link finished}. */
export const continued = (hash: number, data: string | Uint8Array): number => {
  let value = hash
  if (typeof data !== 'string') {
    for (const byte of data) value = (table[(value ^ byte) & 255] ?? 0) ^ (value >>> 8)
    return value
  }
  if (!isAscii(data)) return continued(hash, bytesOf(data))
  for (let index = 0; index < data.length; index++)
    value = (table[(value ^ data.charCodeAt(index)) & 255] ?? 0) ^ (value >>> 8)
  return value
}

/** The four bytes of a number, lowest first. */
export const continuedByNumber = (hash: number, number: number): number => {
  let value = hash
  for (let shift = 0; shift < 32; shift += 8)
    value = (table[(value ^ (number >>> shift)) & 255] ?? 0) ^ (value >>> 8)
  return value
}

export const finished = (hash: number): number => (hash ^ -1) >>> 0

/** CRC-32 as in zlib. */
export const crc32 = (data: string | Uint8Array): number => finished(continued(-1, data))
