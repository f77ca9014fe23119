import { encodeText } from '../../../render/encode-text.ts'
import type { Encoding } from '../../../render/encoding.ts'
import { singleByteTable } from '../../../render/single-byte.ts'
import { lineTable, positionAt, refusal, type XmlResult } from './problem.ts'

interface DetectedEncoding {
  readonly encoding: Encoding
  /** Length of the byte order mark, in bytes; 0: none. */
  readonly bomLength: number
}

const supported = 'UTF-8, UTF-16, ISO-8859-1, US-ASCII and windows-1252'

/** IANA names and aliases in upper case. The byte order of `UTF-16` follows from the first bytes. */
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

/** First bytes by which the family of the encoding is detected (XML 1.0, appendix F.1). */
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

/** The declaration is ASCII, in UTF-16 with a zero byte for each character. */
const declaredName = (bytes: Uint8Array): string | null => {
  const head = String.fromCharCode(...bytes.subarray(0, 512).filter((byte) => byte !== 0))
  return declaration.exec(head)?.groups?.['name'] ?? null
}

/** The byte order mark decides, then the XML declaration, then UTF-8; a contradiction is an error. */
const detectEncoding = (bytes: Uint8Array): XmlResult<DetectedEncoding> => {
  const signature = signatures.find((known) => known.bytes.every((byte, i) => bytes[i] === byte))
  const bomLength = signature?.isBom === true ? signature.bytes.length : 0
  if (signature?.family === null)
    return refusal(
      'the file is encoded in UTF-32 or EBCDIC, which sessctl does not support',
      `save the file in one of ${supported}`,
    )
  const family = signature?.family ?? null
  const declared = declaredName(bytes.subarray(bomLength))
  if (declared === null) return { ok: true, value: { encoding: family ?? 'utf-8', bomLength } }
  const named = byName[declared.toUpperCase()]
  if (named === undefined)
    return refusal(
      `the XML declaration names the encoding "${declared}", which sessctl does not support`,
      `save the file in one of ${supported}`,
      null,
      'the XML declaration names an encoding that sessctl does not support',
    )
  const encoding = named === 'utf-16' && family?.startsWith('utf-16') === true ? family : named
  if (
    encoding === 'utf-16' ||
    (family ?? encoding) !== encoding ||
    (family === null && encoding.startsWith('utf-16'))
  )
    return refusal(
      `the XML declaration names the encoding "${declared}", but the first bytes of the file are ${family ?? 'in an 8-bit encoding'}`,
      'correct the encoding in the XML declaration, or save the file in that encoding',
      null,
      'the XML declaration names another encoding than that of the first bytes',
    )
  return { ok: true, value: { encoding, bomLength } }
}

export interface DecodedXml {
  /** Without the byte order mark. */
  readonly text: string
  readonly encoding: Encoding
  readonly bom: boolean
}

/** The longest valid beginning of the file, without an incomplete character. */
const validPrefix = (bytes: Uint8Array, encoding: Encoding): { text: string; bytes: number } => {
  const decoded = (length: number): string | null => {
    try {
      const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true })
      return decoder.decode(bytes.subarray(0, length), { stream: true })
    } catch {
      return null
    }
  }
  let [valid, invalid] = [0, bytes.length + 1]
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1
    if (decoded(middle) === null) invalid = middle
    else valid = middle
  }
  const text = decoded(valid) ?? ''
  return { text, bytes: encodeText(text, encoding).length }
}

/** @param before the text before the byte. */
const badByte = (byte: number | undefined, encoding: Encoding, before: string) => {
  const hex = (byte ?? 0).toString(16).padStart(2, '0')
  return refusal(
    `the file is not valid ${encoding}: byte 0x${hex} is not allowed here`,
    'repair the file, or correct the encoding in the XML declaration',
    positionAt(lineTable(before), before.length),
    'the file contains a byte that its encoding does not allow',
  )
}

const decodeUnicode = (bytes: Uint8Array, encoding: Encoding): XmlResult<string> => {
  try {
    const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true })
    return { ok: true, value: decoder.decode(bytes) }
  } catch {
    const { text, bytes: valid } = validPrefix(bytes, encoding)
    return badByte(bytes[valid], encoding, text)
  }
}

const decodeSingleByte = (
  bytes: Uint8Array,
  encoding: Encoding,
  table: readonly number[],
): XmlResult<string> => {
  const bad = bytes.findIndex((byte) => table[byte] === -1)
  const textOf = (some: Uint8Array): string =>
    Array.from(some, (byte) => String.fromCharCode(table[byte] ?? byte)).join('')
  if (bad === -1) return { ok: true, value: textOf(bytes) }
  return badByte(bytes[bad], encoding, textOf(bytes.subarray(0, bad)))
}

/** Decodes an XML file such that `encodeText` returns the same bytes. */
export const decodeXml = (bytes: Uint8Array): XmlResult<DecodedXml> => {
  const detected = detectEncoding(bytes)
  if (!detected.ok) return detected
  const { encoding, bomLength } = detected.value
  const body = bytes.subarray(bomLength)
  const table = singleByteTable(encoding)
  const text = table ? decodeSingleByte(body, encoding, table) : decodeUnicode(body, encoding)
  return text.ok ? { ok: true, value: { text: text.value, encoding, bom: bomLength > 0 } } : text
}

/** The text to encode: with a byte order mark if the file had one. */
export const withByteOrderMark = ({ bom }: DecodedXml, text: string): string =>
  bom ? `\u{feff}${text}` : text
