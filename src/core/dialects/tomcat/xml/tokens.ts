/** A token of an XML text, by its outermost delimiters; offsets are UTF-16 code units. */
export interface XmlToken {
  readonly kind: 'text' | 'open' | 'close' | 'comment' | 'section' | 'instruction' | 'doctype'
  readonly start: number
  /** Exclusive. */
  readonly end: number
  /** false: the text ends before the token is closed. */
  readonly isClosed: boolean
}

const delimited = [
  ['<!--', '-->', 'comment'],
  ['<![CDATA[', ']]>', 'section'],
  ['<?', '?>', 'instruction'],
] as const

/** Quotes, comments and instructions inside a tag or a DOCTYPE may contain a `>`. */
const tagEnd = />|"[^"]*"|'[^']*'/g
const doctypeEnd = /[[\]>]|"[^"]*"|'[^']*'|<!--|<\?/g

const endOfTag = (text: string, start: number): number => {
  tagEnd.lastIndex = start
  for (let found = tagEnd.exec(text); found !== null; found = tagEnd.exec(text))
    if (found[0] === '>') return tagEnd.lastIndex
  return -1
}

const endOfDoctype = (text: string, start: number): number => {
  let depth = 0
  doctypeEnd.lastIndex = start
  for (let found = doctypeEnd.exec(text); found !== null; found = doctypeEnd.exec(text)) {
    if (found[0] === '<!--' || found[0] === '<?') {
      const end = text.indexOf(found[0] === '<?' ? '?>' : '-->', doctypeEnd.lastIndex)
      if (end === -1) return -1
      doctypeEnd.lastIndex = end + 1
    } else if (found[0] === '[') depth += 1
    else if (found[0] === ']') depth -= 1
    else if (found[0] === '>' && depth <= 0) return doctypeEnd.lastIndex
  }
  return -1
}

const endOf = (text: string, start: number): readonly [XmlToken['kind'], number] => {
  for (const [opening, closing, kind] of delimited) {
    if (!text.startsWith(opening, start)) continue
    const at = text.indexOf(closing, start + opening.length)
    return [kind, at === -1 ? -1 : at + closing.length]
  }
  if (text.startsWith('<!DOCTYPE', start)) return ['doctype', endOfDoctype(text, start)]
  return [text[start + 1] === '/' ? 'close' : 'open', endOfTag(text, start)]
}

/** Splits a text into tokens, without gaps, even if it is not well-formed. */
export function* tokensOf(text: string): Generator<XmlToken> {
  let at = 0
  while (at < text.length) {
    const next = text.indexOf('<', at)
    const start = next === -1 ? text.length : next
    if (start > at) yield { kind: 'text', start: at, end: start, isClosed: true }
    if (next === -1) return
    const [kind, end] = endOf(text, start)
    at = end === -1 ? text.length : end
    yield { kind, start, end: at, isClosed: end !== -1 }
  }
}
