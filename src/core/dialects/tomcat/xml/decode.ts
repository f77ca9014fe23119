import type { Encoding } from '../../../render/encoding.ts'
import { singleByteTable } from '../../../render/single-byte.ts'
import { detectEncoding } from './encoding.ts'
import { refusal, type XmlResult } from './problem.ts'

export interface DecodedXml {
  /** Without the byte order mark. */
  readonly text: string
  readonly encoding: Encoding
  readonly bom: boolean
}

const remedy = 'repair the file, or correct the encoding in its first line'

const decodeUnicode = (bytes: Uint8Array, encoding: Encoding): XmlResult<string> => {
  try {
    const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true })
    return { ok: true, value: decoder.decode(bytes) }
  } catch {
    return refusal(`the file is not valid ${encoding}`, remedy)
  }
}

const decodeSingleByte = (
  bytes: Uint8Array,
  encoding: Encoding,
  table: readonly number[],
): XmlResult<string> => {
  const bad = bytes.findIndex((byte) => table[byte] === -1)
  if (bad !== -1) return refusal(`byte ${bad} of the file is none of ${encoding}`, remedy)
  const text = Array.from(bytes, (byte) => String.fromCharCode(table[byte] ?? byte)).join('')
  return { ok: true, value: text }
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
