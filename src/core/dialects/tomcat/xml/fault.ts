import { entityDeclarations } from './declarations.ts'
import { predefined, referenceFault, type XmlFault } from './reference-fault.ts'
import { tagFault } from './tag-fault.ts'
import { tokensOf } from './tokens.ts'

const forbidden = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u

const characterFault = (text: string): XmlFault | null => {
  const offset = text.search(forbidden)
  if (offset === -1) return null
  const code = (text.codePointAt(offset) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  const message = `XML does not allow the character U+${code}`
  return { offset, message, reason: 'XML does not allow a character of it', help: 'remove it' }
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
  if (open === undefined) {
    const message = `</${name}> closes no element`
    return { offset: start, message, reason: 'a tag closes no element', help: 'remove it' }
  }
  const message = `</${name}> does not match <${open.name}> in line ${lineOf(text, open.start)}`
  const reason = 'a tag does not match the element that is open'
  return { offset: start, message, reason, help: `close <${open.name}> before it` }
}

const unclosedWords = {
  comment: 'this comment has no -->',
  section: 'this CDATA section has no ]]>',
  instruction: 'this processing instruction has no ?>',
  doctype: 'this DOCTYPE has no >',
  open: 'this tag has no >, or a value in it has no closing quote',
  close: 'this tag has no >',
  text: '',
} as const

/**
 * Finds the first fault of a text that is not well-formed, where it is; a parser only tells where it
 * gave up. null: a fault of a rarer kind.
 */
export const findFault = (text: string): XmlFault | null => {
  const known = new Set<string>(predefined)
  const open: Open[] = []
  for (const { kind, start, end, isClosed } of tokensOf(text)) {
    if (kind === 'open') {
      const fault = tagFault(text, start, end, known)
      if (fault !== null) return fault
    }
    if (!isClosed) {
      const message = unclosedWords[kind]
      return { offset: start, message, reason: message, help: null }
    }
    if (kind === 'doctype')
      for (const name of entityDeclarations(text.slice(start, end)).keys()) known.add(name)
    const tag = text.slice(start, end)
    if (kind === 'open' && !tag.endsWith('/>')) open.push({ name: nameOf(tag), start })
    const fault =
      kind === 'text'
        ? referenceFault(text, start, end, known)
        : kind === 'close'
          ? closeFault(text, start, nameOf(tag), open.pop())
          : null
    if (fault !== null) return fault
  }
  const last = open.at(-1)
  if (last === undefined) return characterFault(text)
  const message = `<${last.name}> is not closed`
  const reason = 'an element is not closed'
  return { offset: last.start, message, reason, help: `write </${last.name}> where it ends` }
}
