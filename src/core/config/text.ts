import { encodeText } from '../render/encode-text.ts'

/** A configuration file as text, from which the same bytes can be made again. */
export interface ConfigText {
  /** Offsets in it count UTF-16 units. */
  readonly text: string
  /**
   * UTF-8, with a byte order mark where the file has one. A file that is not valid UTF-8 is read as
   * ISO-8859-1: each unit of the text is then one byte.
   */
  readonly encoding: 'utf-8' | 'iso-8859-1'
}

/** What the server would refuse. */
export interface ConfigProblem {
  /** An offset in the text. */
  readonly at: number
  readonly message: string
}

/** What every reader returns: nothing of the file is missing between the tokens. */
export interface ConfigDocument extends ConfigText {
  /** In the order of the text, without overlaps. Bytes between them belong to none. */
  readonly tokens: readonly { readonly start: number; readonly end: number }[]
  readonly problems: readonly ConfigProblem[]
}

const oneUnitPerByte = (bytes: Uint8Array): string => {
  const pieces: string[] = []
  for (let at = 0; at < bytes.length; at += 8192)
    pieces.push(String.fromCharCode(...bytes.subarray(at, at + 8192)))
  return pieces.join('')
}

/** Takes any bytes. */
export const decodeConfig = (bytes: Uint8Array): ConfigText => {
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
    return { text: decoder.decode(bytes), encoding: 'utf-8' }
  } catch {
    return { text: oneUnitPerByte(bytes), encoding: 'iso-8859-1' }
  }
}

/** The bytes of a document that was read: the same as those of its file. */
export const printConfig = ({ text, encoding, tokens }: ConfigDocument): Uint8Array => {
  const pieces: string[] = []
  let at = 0
  for (const { start, end } of tokens) {
    pieces.push(text.slice(at, start), text.slice(start, end))
    at = end
  }
  pieces.push(text.slice(at))
  return encodeText(pieces.join(''), encoding)
}

/** Replaces `text.slice(start, end)`; `start` equal to `end` inserts. */
export interface ConfigEdit {
  readonly start: number
  /** Exclusive. */
  readonly end: number
  readonly text: string
}

/**
 * The text after edits. Insertions at one offset keep their order.
 * @throws RangeError for edits that overlap.
 */
export const editText = (text: string, edits: readonly ConfigEdit[]): string => {
  const sorted = edits.toSorted((a, b) => a.start - b.start || a.end - b.end)
  const pieces: string[] = []
  let at = 0
  for (const edit of sorted) {
    if (edit.start < at) throw new RangeError(`two edits overlap at offset ${edit.start}`)
    pieces.push(text.slice(at, edit.start), edit.text)
    at = edit.end
  }
  return pieces.join('') + text.slice(at)
}

/** A place in a text; both numbers are from 1, and columns count UTF-16 units. */
export interface ConfigPosition {
  readonly line: number
  readonly column: number
}

/** Makes the function that finds the line of an offset, in logarithmic time. */
export const positionsIn = (text: string): ((offset: number) => ConfigPosition) => {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return (offset) => {
    let [low, high] = [0, starts.length]
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 }
  }
}
