import { type Statement, statementsOf } from './nginx-statements.ts'
import { ReaderError } from './reader-error.ts'

/** A directive as nginx reads it: `block` is null where it ends with a semicolon. */
export interface Directive {
  readonly name: string
  readonly args: readonly string[]
  /** Line of the name, from 1. */
  readonly line: number
  readonly block: readonly Directive[] | null
}

const blockOf = (nextStatement: () => Statement, inside: boolean): readonly Directive[] => {
  const directives: Directive[] = []
  for (;;) {
    const { words, end, line, endLine } = nextStatement()
    if (end === 'eof') {
      if (inside) throw new ReaderError('unexpected end of file', endLine)
      return directives
    }
    if (end === '}') {
      if (!inside) throw new ReaderError('unexpected "}"', endLine)
      return directives
    }
    const [name = '', ...args] = words
    const block = end === '{' ? blockOf(nextStatement, true) : null
    directives.push({ name, args, line, block })
  }
}

/**
 * Reads nginx configuration text into its tree of directives, with none of sessctl's own code: only
 * the words and blocks, no directive's meaning; `include` is not followed.
 * Throws ReaderError where nginx would refuse the text.
 */
export const readNginx = (text: string | Uint8Array): readonly Directive[] =>
  blockOf(statementsOf(typeof text === 'string' ? Buffer.from(text, 'utf8') : text), false)
