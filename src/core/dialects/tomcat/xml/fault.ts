import { entityDeclarations } from './declarations.ts'
import { tokensOf } from './tokens.ts'
import { forbiddenCharacter } from './write.ts'

/** Why a text is not well-formed. */
export interface XmlFault {
  readonly offset: number
  /** In lower case, without a full stop. */
  readonly message: string
  /** The message without any text of the file. */
  readonly reason: string
  readonly help: string | null
}

const fault = (
  offset: number,
  message: string,
  reason: string = message,
  help: string | null = null,
): XmlFault => ({ offset, message, reason, help })

/** Entities that need no declaration. */
const predefined = ['amp', 'lt', 'gt', 'quot', 'apos']

const reference = /&(?:(?<name>[^\s#&;<>"'/=%]+);|#\d+;|#x[0-9a-f]+;)?/giu

/** The first `&` in a range that starts no reference, or a reference to an undeclared entity. */
const referenceFault = (
  text: string,
  start: number,
  end: number,
  declared: ReadonlySet<string>,
): XmlFault | null => {
  for (const found of text.slice(start, end).matchAll(reference)) {
    const offset = start + found.index
    if (found[0] === '&') return fault(offset, 'this "&" is not escaped', undefined, 'write &amp;')
    const name = found.groups?.['name']
    if (name === undefined || declared.has(name)) continue
    return fault(
      offset,
      `the entity &${name}; is not declared in this file`,
      'an entity is not declared in this file',
      `declare the entity in the DOCTYPE, or write &amp;${name};`,
    )
  }
  return null
}

const nameAndEquals = /(?<name>[^\s=/>"'<]+)(?<equals>\s*=\s*)?/y

interface Value {
  readonly start: number
  readonly end: number
}

/** The range between the quotes. */
const valueAt = (text: string, at: number, limit: number, name: string): Value | XmlFault => {
  const quote = text[at]
  if (quote !== '"' && quote !== "'")
    return fault(
      at,
      `the value of the attribute ${name} is not in quotes`,
      'the value of an attribute is not in quotes',
      `write ${name}="…"`,
    )
  const end = text.indexOf(quote, at + 1)
  const value = text.slice(at + 1, end === -1 ? limit : end)
  const markup = value.indexOf('<')
  if (markup === -1)
    return end === -1 || end >= limit
      ? fault(at, `the attribute ${name} has no closing quote`, 'an attribute has no closing quote')
      : { start: at + 1, end }
  const isOnLaterLine = /[\r\n]/.test(value.slice(0, markup))
  return end === -1 || isOnLaterLine
    ? fault(
        at,
        `the attribute ${name} has no closing quote on this line`,
        'an attribute has no closing quote on this line',
        'close the quotes; write &lt; for a "<" that belongs to the value',
      )
    : fault(
        at + 1 + markup,
        `the value of the attribute ${name} contains a "<" that is not escaped`,
        'the value of an attribute contains a "<" that is not escaped',
        'write &lt;, or close the quotes before it',
      )
}

/** The first fault of a start tag. */
const tagFault = (
  text: string,
  start: number,
  end: number,
  declared: ReadonlySet<string>,
): XmlFault | null => {
  const element = /^<[^\s/>"'=<&]+/.exec(text.slice(start, end))?.[0] ?? ''
  if (!/^<[\p{L}_:]/u.test(element))
    return fault(start, 'this "<" does not start a tag', undefined, 'write &lt;')
  const names = new Set<string>()
  let at = start + element.length
  for (;;) {
    const afterElement = at
    while (/\s/.test(text[at] ?? '')) at++
    if (at >= end || text[at] === '>' || text[at] === '/') return null
    nameAndEquals.lastIndex = at
    const found = nameAndEquals.exec(text)
    const name = found?.groups?.['name']
    if (found === null || name === undefined)
      return fault(
        at,
        `this ${text[at]} is not expected in a tag`,
        'a character is not expected in a tag',
      )
    if (at === afterElement && names.size > 0)
      return fault(
        at,
        `there is no space before the attribute ${name}`,
        'there is no space before an attribute',
      )
    if (names.has(name))
      return fault(
        at,
        `the attribute ${name} occurs twice in this tag`,
        'an attribute occurs twice in a tag',
        'remove one of the two',
      )
    if (found.groups?.['equals'] === undefined)
      return fault(
        at,
        `the attribute ${name} has no value`,
        'an attribute has no value',
        `write ${name}="…"`,
      )
    names.add(name)
    const value = valueAt(text, at + found[0].length, end, name)
    if ('message' in value) return value
    const inValue = referenceFault(text, value.start, value.end, declared)
    if (inValue !== null) return inValue
    at = value.end + 1
  }
}

const characterFault = (text: string): XmlFault | null => {
  const offset = text.search(forbiddenCharacter)
  if (offset === -1) return null
  const code = (text.codePointAt(offset) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  return fault(
    offset,
    `XML does not allow the character U+${code}`,
    'the file contains a character that XML does not allow',
    'remove the character',
  )
}

const lineOf = (text: string, offset: number): number =>
  (text.slice(0, offset).match(/\r\n|\r|\n/g)?.length ?? 0) + 1

const nameOf = (tag: string): string => /^<\/?([^\s/>]*)/.exec(tag)?.[1] ?? ''

interface Open {
  readonly name: string
  readonly start: number
}

const closeFault = (
  text: string,
  start: number,
  name: string,
  open: Open | undefined,
): XmlFault | null => {
  if (open?.name === name) return null
  return open === undefined
    ? fault(
        start,
        `</${name}> closes no element`,
        'an end tag closes no element',
        'remove the end tag',
      )
    : fault(
        start,
        `</${name}> does not match <${open.name}> in line ${lineOf(text, open.start)}`,
        'an end tag does not match the open element',
        `close <${open.name}> before it`,
      )
}

const unclosed = {
  comment: 'this comment has no -->',
  section: 'this CDATA section has no ]]>',
  instruction: 'this processing instruction has no ?>',
  doctype: 'this DOCTYPE has no >',
  open: 'this tag has no >, or a value in it has no closing quote',
  close: 'this tag has no >',
  text: '',
} as const

/**
 * Finds the first fault of a text that is not well-formed, at its place: the parser only reports where
 * it stopped. null: a rarer kind of fault.
 */
export const findFault = (text: string): XmlFault | null => {
  const declared = new Set<string>(predefined)
  const open: Open[] = []
  for (const { kind, start, end, isClosed } of tokensOf(text)) {
    const inTag = kind === 'open' ? tagFault(text, start, end, declared) : null
    if (inTag !== null) return inTag
    if (!isClosed) return fault(start, unclosed[kind])
    if (kind === 'doctype')
      for (const name of entityDeclarations(text.slice(start, end)).keys()) declared.add(name)
    const tag = text.slice(start, end)
    if (kind === 'open' && !tag.endsWith('/>')) open.push({ name: nameOf(tag), start })
    const found =
      kind === 'text'
        ? referenceFault(text, start, end, declared)
        : kind === 'close'
          ? closeFault(text, start, nameOf(tag), open.pop())
          : null
    if (found !== null) return found
  }
  const last = open.at(-1)
  return last === undefined
    ? characterFault(text)
    : fault(
        last.start,
        `<${last.name}> is not closed`,
        'an element is not closed',
        `write </${last.name}> at its end`,
      )
}
