import type { Edits } from '../../../config/edit/edits.ts'
import { indentAt, insertLines, removeLine } from '../../../config/edit/whole-lines.ts'
import { joinFrom } from '../../../config/httpd/join.ts'
import type { HttpdStatement } from '../../../config/httpd/statements.ts'
import type { HttpdDirective } from '../../../config/httpd/tree.ts'
import type { Findings } from '../../../diagnostics/findings.ts'
import { httpdWord } from '../quote.ts'
import { report } from './codes.ts'
import type { Base } from './open.ts'

/** A balancer that is being edited. */
export interface Editing {
  readonly base: Base
  readonly edits: Edits
  readonly findings: Findings
}

export const written = (words: readonly string[]): string => words.map(httpdWord).join(' ')

export const note = (
  { base, findings }: Editing,
  code: 'httpd-base-server' | 'httpd-base-method' | 'httpd-base-variable',
  { directive, path }: HttpdStatement,
  message: string,
): void => report(findings, code, base.at(path, directive.start), message, null)

/** The end of the last line of a directive, which may be continued by an empty line. */
export const endOfLines = (text: string, { block, end, start }: HttpdDirective): number => {
  const last = block === null ? start : end
  const after = joinFrom(text, text.lastIndexOf('\n', last - 1) + 1).end
  return text.charAt(after - 1) === '\n' ? after - 1 : after
}

/** Empty lines that end a last line of the text that a line break would continue. */
export const endOfContinued = (text: string): readonly string[] =>
  Array.from(/(\\*)\r?\n?$/.exec(text)?.[1] ?? '', () => '')

/** Inserts a line after that of a directive, with its indentation. */
export const insertAfter = (
  { base, edits }: Editing,
  { directive, path }: HttpdStatement,
  line: string,
): void => {
  const { text } = base.documentOf(path)
  const end = endOfLines(text, directive)
  const lines = end === text.length ? [...endOfContinued(text), line] : [line]
  edits.add(path, insertLines(text, end, indentAt(text, directive.start), lines))
}

export const remove = ({ base, edits }: Editing, { directive, path }: HttpdStatement): void => {
  const { text } = base.documentOf(path)
  edits.add(path, removeLine(text, { ...directive, end: endOfLines(text, directive) }))
}

/** Whether httpd replaces a variable in the directive. */
export const hasVariable = ({ directive }: HttpdStatement): boolean =>
  directive.text.includes('$\u007b')
