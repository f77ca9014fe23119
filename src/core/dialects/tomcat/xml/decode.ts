import { encodeText } from '../../../render/encode-text.ts'
import type { Encoding } from '../../../render/encoding.ts'
import { singleByteTable } from '../../../render/single-byte.ts'
import { detectEncoding } from './encoding.ts'
import { lineTable } from './lines.ts'
import { positionAt, refusal, type XmlResult } from './problem.ts'

export interface DecodedXml {
  /** Without the byte order mark. */
  readonly text: string
  readonly encoding: Encoding
  readonly bom: boolean
}

const badByte = 'a byte is not allowed in the encoding of the file'
const remedy = 'repair the file, or correct the encoding in its first line'

/** The longest beginning that is valid, in bytes and as text; a character that is cut off is not. */
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

const decodeUnicode = (bytes: Uint8Array, encoding: Encoding): XmlResult<string> => {
  try {
    const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true })
    return { ok: true, value: decoder.decode(bytes) }
  } catch {
    const { text, bytes: valid } = validPrefix(bytes, encoding)
    const byte = (bytes[valid] ?? 0).toString(16).padStart(2, '0')
    const message = `the file is not valid ${encoding}: byte 0x${byte} is not allowed here`
    return refusal(message, remedy, positionAt(lineTable(text), text.length), badByte)
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
  const byte = (bytes[bad] ?? 0).toString(16).padStart(2, '0')
  const message = `the file is not valid ${encoding}: byte 0x${byte} is not allowed here`
  const before = textOf(bytes.subarray(0, bad))
  return refusal(message, remedy, positionAt(lineTable(before), before.length), badByte)
}

/** Text of an XML file such that `encodedText` gives back the same bytes; nothing is replaced silently. */
export const decodeXml = (bytes: Uint8Array): XmlResult<DecodedXml> => {
  const detected = detectEncoding(bytes)
  if (!detected.ok) return detected
  const { encoding, bomLength } = detected.value
  const body = bytes.subarray(bomLength)
  const table = singleByteTable(encoding)
  const text = table ? decodeSingleByte(body, encoding, table) : decodeUnicode(body, encoding)
  return text.ok ? { ok: true, value: { text: text.value, encoding, bom: bomLength > 0 } } : text
}
