import { ReaderError } from './reader-error.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The word that these bytes are; a word of broken UTF-8 is an error, for no string can equal it. */
export const decodeWord = (bytes: Uint8Array, line: number): string => {
  try {
    return utf8.decode(bytes)
  } catch (cause) {
    if (cause instanceof TypeError) throw new ReaderError('word is not UTF-8', line)
    throw cause
  }
}
