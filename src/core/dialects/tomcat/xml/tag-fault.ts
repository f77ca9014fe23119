import { referenceFault, type XmlFault } from './reference-fault.ts'

const space = /\s*/y
const nameAndEquals = /(?<name>[^\s=/>"'<]+)(?<equals>\s*=\s*)?/y

const matchAt = (pattern: RegExp, text: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at
  return pattern.exec(text)
}

interface Value {
  readonly start: number
  readonly end: number
}

/** Between the quotes; a fault where there are none. */
const valueAt = (text: string, at: number, limit: number, name: string): Value | XmlFault => {
  const quote = text[at]
  if (quote !== '"' && quote !== "'") {
    const message = `the value of the attribute ${name} is not in quotes`
    const reason = 'the value of an attribute is not in quotes'
    return { offset: at, message, reason, help: `write ${name}="…"` }
  }
  const end = text.indexOf(quote, at + 1)
  const value = text.slice(at + 1, end === -1 ? limit : end)
  const markup = value.indexOf('<')
  const isOnLaterLine = /[\r\n]/.test(value.slice(0, markup))
  if ((end === -1 || end >= limit) && markup === -1)
    return {
      offset: at,
      message: `the attribute ${name} has no closing quote`,
      reason: 'an attribute has no closing quote',
      help: null,
    }
  if (markup === -1) return { start: at + 1, end }
  return end === -1 || isOnLaterLine
    ? {
        offset: at,
        message: `the attribute ${name} has no closing quote on this line`,
        reason: 'an attribute has no closing quote on this line',
        help: 'close the quotes; write &lt; for a "<" that belongs to the value',
      }
    : {
        offset: at + 1 + markup,
        message: `the value of the attribute ${name} holds a "<" that is not escaped`,
        reason: 'the value of an attribute holds a "<" that is not escaped',
        help: 'write &lt;, or close the quotes before it',
      }
}

/** The first fault of a start tag, from its `<` up to the end of the piece. */
export const tagFault = (
  text: string,
  start: number,
  end: number,
  known: ReadonlySet<string>,
): XmlFault | null => {
  const element = /^<[^\s/>"'=<&]+/.exec(text.slice(start, end))?.[0] ?? ''
  if (!/^<[\p{L}_:]/u.test(element)) {
    const message = 'this "<" begins no tag'
    return { offset: start, message, reason: message, help: 'write &lt;' }
  }
  const names = new Set<string>()
  let at = start + element.length
  for (;;) {
    const gap = matchAt(space, text, at)?.[0] ?? ''
    at += gap.length
    if (at >= end || text[at] === '>' || text[at] === '/') return null
    const found = matchAt(nameAndEquals, text, at)
    const name = found?.groups?.['name']
    if (found === null || name === undefined)
      return {
        offset: at,
        message: `this ${text[at]} is not expected in a tag`,
        reason: 'a character is not expected in a tag',
        help: null,
      }
    if (gap === '' && names.size > 0)
      return {
        offset: at,
        message: `there is no space before the attribute ${name}`,
        reason: 'there is no space before an attribute',
        help: null,
      }
    if (names.has(name)) {
      return {
        offset: at,
        message: `the attribute ${name} occurs twice in this tag`,
        reason: 'an attribute occurs twice in this tag',
        help: 'remove one of the two',
      }
    }
    if (found.groups?.['equals'] === undefined)
      return {
        offset: at,
        message: `the attribute ${name} has no value`,
        reason: 'an attribute has no value',
        help: `write ${name}="…"`,
      }
    names.add(name)
    const value = valueAt(text, at + found[0].length, end, name)
    if ('message' in value) return value
    const fault = referenceFault(text, value.start, value.end, known)
    if (fault !== null) return fault
    at = value.end + 1
  }
}
