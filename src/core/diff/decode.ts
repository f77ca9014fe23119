export interface DecodedText {
  readonly text: string
  /** For messages; shown only where it changes. */
  readonly encoding: string
}

const boms: readonly (readonly [bytes: readonly number[], label: string, name: string])[] = [
  [[0xef, 0xbb, 0xbf], 'utf-8', 'UTF-8 with a byte order mark'],
  [[0xff, 0xfe], 'utf-16le', 'UTF-16LE with a byte order mark'],
  [[0xfe, 0xff], 'utf-16be', 'UTF-16BE with a byte order mark'],
  [[0x3c, 0x00], 'utf-16le', 'UTF-16LE'],
  [[0x00, 0x3c], 'utf-16be', 'UTF-16BE'],
]

const oneByteName = /^<\?xml[^>]*\bencoding\s*=\s*["'](?:iso-8859-1|us-ascii|windows-1252)["']/i

const decodeAs = (bytes: Uint8Array, label: string): string => new TextDecoder(label).decode(bytes)

/**
 * Any bytes as text that can be compared line by line: by the byte order mark or the XML
 * declaration, else UTF-8, else one character for each byte. It accepts any bytes, also those of a picture.
 */
export const decodeForDiff = (bytes: Uint8Array): DecodedText => {
  const bom = boms.find(([start]) => start.every((byte, at) => bytes[at] === byte))
  if (bom) return { text: decodeAs(bytes, bom[1]), encoding: bom[2] }
  const head = decodeAs(bytes.subarray(0, 256), 'windows-1252')
  if (oneByteName.test(head))
    return { text: decodeAs(bytes, 'windows-1252'), encoding: 'one byte per character' }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'UTF-8' }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    return { text: decodeAs(bytes, 'windows-1252'), encoding: 'unknown encoding' }
  }
}
