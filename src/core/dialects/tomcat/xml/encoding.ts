import type { Encoding } from '../../../render/encoding.ts'
import { refusal, type XmlResult } from './problem.ts'

export interface DetectedEncoding {
  readonly encoding: Encoding
  /** Length of the byte order mark, in bytes; 0: none. */
  readonly bomLength: number
}

const supported = 'UTF-8, UTF-16, ISO-8859-1, US-ASCII and windows-1252'

/** IANA names and aliases, in upper case; `UTF-16` is what the first bytes say it is. */
const byName: Readonly<Record<string, Encoding | 'utf-16'>> = {
  'UTF-8': 'utf-8',
  UTF8: 'utf-8',
  'UTF-16': 'utf-16',
  'UTF-16LE': 'utf-16le',
  'UTF-16BE': 'utf-16be',
  'ISO-8859-1': 'iso-8859-1',
  'ISO_8859-1': 'iso-8859-1',
  LATIN1: 'iso-8859-1',
  'US-ASCII': 'us-ascii',
  ASCII: 'us-ascii',
  'WINDOWS-1252': 'windows-1252',
  CP1252: 'windows-1252',
}

/** First bytes that tell the family before anything can be read (XML 1.0, appendix F.1). */
const signatures: readonly {
  readonly bytes: readonly number[]
  readonly family: Encoding | null
  readonly isBom: boolean
}[] = [
  { bytes: [0x00, 0x00, 0xfe, 0xff], family: null, isBom: true },
  { bytes: [0xff, 0xfe, 0x00, 0x00], family: null, isBom: true },
  { bytes: [0x00, 0x00, 0x00, 0x3c], family: null, isBom: false },
  { bytes: [0x3c, 0x00, 0x00, 0x00], family: null, isBom: false },
  { bytes: [0x4c, 0x6f, 0xa7, 0x94], family: null, isBom: false },
  { bytes: [0xef, 0xbb, 0xbf], family: 'utf-8', isBom: true },
  { bytes: [0xfe, 0xff], family: 'utf-16be', isBom: true },
  { bytes: [0xff, 0xfe], family: 'utf-16le', isBom: true },
  { bytes: [0x00, 0x3c], family: 'utf-16be', isBom: false },
  { bytes: [0x3c, 0x00], family: 'utf-16le', isBom: false },
]

const declaration =
  /^<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"[^"]*"|'[^']*')[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(["'])(?<name>[A-Za-z][A-Za-z0-9._-]*)\1/

/** The declaration is ASCII: every second byte of UTF-16 is zero, and none of the others. */
const declaredName = (bytes: Uint8Array): string | null => {
  const head = String.fromCharCode(...bytes.subarray(0, 512).filter((byte) => byte !== 0))
  return declaration.exec(head)?.groups?.['name'] ?? null
}

/** Byte order mark, then the XML declaration, then UTF-8; what contradicts itself is refused. */
export const detectEncoding = (bytes: Uint8Array): XmlResult<DetectedEncoding> => {
  const signature = signatures.find((known) => known.bytes.every((byte, i) => bytes[i] === byte))
  const bomLength = signature?.isBom === true ? signature.bytes.length : 0
  if (signature?.family === null)
    return refusal(
      'the file is in UTF-32 or EBCDIC, which sessctl does not edit',
      `save it in one of ${supported}`,
    )
  const family = signature?.family ?? null
  const declared = declaredName(bytes.subarray(bomLength))
  if (declared === null) return { ok: true, value: { encoding: family ?? 'utf-8', bomLength } }
  const named = byName[declared.toUpperCase()]
  if (named === undefined)
    return refusal(
      `the file says it is in "${declared}", which sessctl does not edit`,
      `save it in one of ${supported}`,
      null,
      'the file says it is in an encoding that sessctl does not edit',
    )
  const encoding = named === 'utf-16' && family?.startsWith('utf-16') === true ? family : named
  if (
    encoding === 'utf-16' ||
    (family ?? encoding) !== encoding ||
    (family === null && encoding.startsWith('utf-16'))
  )
    return refusal(
      `the file says it is in "${declared}", but its first bytes are ${family ?? 'those of an 8-bit encoding'}`,
      'correct the encoding in its first line, or save it in the encoding that it names',
      null,
      'the file says it is in another encoding than its first bytes',
    )
  return { ok: true, value: { encoding, bomLength } }
}
