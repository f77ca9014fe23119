import type { Encoding } from './artifact.ts'

const oneByte = (text: string): Uint8Array =>
  Uint8Array.from(text, (character) => character.charCodeAt(0))

const twoBytes = (text: string, isLittle: boolean): Uint8Array => {
  const bytes = new Uint8Array(text.length * 2)
  const view = new DataView(bytes.buffer)
  for (let index = 0; index < text.length; index++)
    view.setUint16(index * 2, text.charCodeAt(index), isLittle)
  return bytes
}

/** The bytes of a text in an encoding that can hold all of it. */
export const encodeText = (text: string, encoding: Encoding): Uint8Array => {
  if (encoding === 'utf-8') return new TextEncoder().encode(text)
  if (encoding === 'utf-16le' || encoding === 'utf-16be')
    return twoBytes(text, encoding === 'utf-16le')
  return oneByte(text)
}
