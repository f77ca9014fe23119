import { type ConfigDocument, decodeConfig } from '../text.ts'
import {
  lexNginx,
  looksLikeTemplate,
  type Reading,
  type SyntaxProblem,
  type Token,
} from './lexer.ts'

/** A directive with its arguments; a block has children. Comments belong to none. */
export interface Directive {
  readonly name: string
  /** Name and arguments as they are written. */
  readonly words: readonly Token[]
  /** Arguments as nginx reads them. */
  readonly args: readonly string[]
  readonly start: number
  /** After its `;` or its `}`. */
  readonly end: number
  /** Null: it ends with `;`. */
  readonly block: Block | null
}

export interface Block {
  /** After `{`, and at `}`: the text between them. */
  readonly start: number
  readonly end: number
  readonly children: readonly Directive[]
}

export interface NginxConfig {
  readonly text: string
  readonly tokens: readonly Token[]
  readonly directives: readonly Directive[]
  /** What nginx would refuse; empty for a configuration that it can split into directives. */
  readonly problems: readonly SyntaxProblem[]
  /** Whether it was read as a template. */
  readonly isTemplate: boolean
}

interface OpenBlock {
  readonly words: readonly Token[]
  readonly start: number
  readonly children: Directive[]
}

/** Deeper than any configuration: nginx nests about five blocks, and reads them by recursion. */
const mostLevels = 100

const directiveOf = (words: readonly Token[], end: number, block: Block | null): Directive => {
  const [name, ...args] = words
  return {
    name: name?.value ?? '',
    words,
    args: args.map(({ value }) => value),
    start: name?.start ?? (block === null ? end : block.start - 1),
    end,
    block,
  }
}

const read = (text: string, isTemplate: boolean): NginxConfig => {
  const { tokens, problems: found } = lexNginx(text, isTemplate)
  const problems = [...found]
  const root: Directive[] = []
  const open: OpenBlock[] = []
  let words: Token[] = []
  const children = (): Directive[] => open.at(-1)?.children ?? root
  const refuse = (at: number, message: string): void => {
    problems.push({ at, message })
  }
  const close = (end: number, after: number): void => {
    const block = open.pop()
    if (block === undefined) return
    const body = { start: block.start, end, children: block.children }
    children().push(directiveOf(block.words, after, body))
  }
  for (const token of tokens) {
    if (token.kind === 'word') words.push(token)
    else if (token.kind === 'end') {
      if (words.length === 0) refuse(token.start, 'unexpected ";"')
      else children().push(directiveOf(words, token.end, null))
      words = []
    } else if (token.kind === 'open') {
      if (words.length === 0) refuse(token.start, 'unexpected "{"')
      if (open.length >= mostLevels) {
        refuse(token.start, `more than ${mostLevels} blocks inside each other`)
        break
      }
      open.push({ words, start: token.end, children: [] })
      words = []
    } else if (token.kind === 'close') {
      const [first] = words
      if (first !== undefined) {
        refuse(token.start, 'unexpected "}": the directive before it has no ";"')
        children().push(directiveOf(words, token.start, null))
        words = []
      }
      if (open.length === 0) refuse(token.start, 'unexpected "}"')
      else close(token.start, token.end)
    }
  }
  if (words.length > 0) {
    refuse(text.length, 'unexpected end of file, expecting ";"')
    children().push(directiveOf(words, text.length, null))
  }
  if (open.length > 0) refuse(text.length, 'unexpected end of file, expecting "}"')
  while (open.length > 0) close(text.length, text.length)
  return { text, tokens, directives: root, problems, isTemplate }
}

/**
 * Reads a configuration of nginx. Any text has a result: what nginx would refuse is listed, and
 * reading goes on after it. Files that it includes are not read.
 * @param text one character per byte (latin1) where bytes must be kept.
 */
export const readNginxConfig = (
  text: string,
  { isTemplate }: Reading = { isTemplate: 'detect' },
): NginxConfig => {
  if (isTemplate !== 'detect') return read(text, isTemplate)
  const plain = read(text, false)
  return looksLikeTemplate(text, () => plain.problems.length > 0) ? read(text, true) : plain
}

/** A file with the encoding in which it is written again. */
export type NginxDocument = NginxConfig & ConfigDocument

/**
 * Reads a configuration file of nginx without loss: `printConfig` returns the same bytes. It takes any
 * bytes and never throws; time and memory grow with the length of the file.
 */
export const readNginx = (bytes: Uint8Array, reading?: Reading): NginxDocument => {
  const { text, encoding } = decodeConfig(bytes)
  return { ...readNginxConfig(text, reading), encoding }
}

/** A directive, with the blocks it is in, from the outside in. */
export interface Found {
  readonly directive: Directive
  readonly within: readonly Directive[]
}

/** All directives in the order of the text, those of blocks after the block's own. */
export const allDirectives = (
  directives: readonly Directive[],
  within: readonly Directive[] = [],
): readonly Found[] =>
  directives.flatMap((directive) => [
    { directive, within },
    ...(directive.block === null
      ? []
      : allDirectives(directive.block.children, [...within, directive])),
  ])
