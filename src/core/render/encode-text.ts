import type { Encoding } from './encoding.ts'
import { singleByteTable } from './single-byte.ts'

const oneByte = (text: string, encoding: Encoding, table: readonly number[]): Uint8Array => {
  const bytes = new Map(table.map((codePoint, byte) => [codePoint, byte]))
  return Uint8Array.from(Array.from(text), (character) => {
    const byte = bytes.get(character.codePointAt(0) ?? 0)
    if (byte === undefined) throw new RangeError(`${encoding} has no "${character}"`)
    return byte
  })
}

const twoBytes = (text: string, isLittle: boolean): Uint8Array => {
  const bytes = new Uint8Array(text.length * 2)
  const view = new DataView(bytes.buffer)
  for (let index = 0; index < text.length; index++)
    view.setUint16(index * 2, text.charCodeAt(index), isLittle)
  return bytes
}

/** The bytes of a text. Throws for a character that the encoding lacks, rather than write another. */
export const encodeText = (text: string, encoding: Encoding): Uint8Array => {
  if (encoding === 'utf-8') return new TextEncoder().encode(text)
  const table = singleByteTable(encoding)
  return table === null ? twoBytes(text, encoding === 'utf-16le') : oneByte(text, encoding, table)
}
