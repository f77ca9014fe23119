import type { Encoding } from './encoding.ts'

/** Code points of the 256 bytes; -1: the encoding leaves the byte undefined. */
export type SingleByteTable = readonly number[]

const latin1 = Array.from({ length: 256 }, (_, byte) => byte)

/** 0x80 to 0x9f of windows-1252, the only bytes in which it differs from ISO-8859-1. */
const windows1252High = [
  0x20ac, -1, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039,
  0x0152, -1, 0x017d, -1, -1, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc,
  0x2122, 0x0161, 0x203a, 0x0153, -1, 0x017e, 0x0178,
]

/** null for the encodings of Unicode, which need no table. (TextDecoder's "iso-8859-1" is windows-1252.) */
export const singleByteTable = (encoding: Encoding): SingleByteTable | null => {
  switch (encoding) {
    case 'iso-8859-1':
      return latin1
    case 'us-ascii':
      return latin1.map((byte) => (byte < 0x80 ? byte : -1))
    case 'windows-1252':
      return latin1.map((byte) => windows1252High[byte - 0x80] ?? byte)
    default:
      return null
  }
}
