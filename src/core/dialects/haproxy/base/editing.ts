import { insertLines, removeLine, replaceWords } from '../../../config/edit/whole-lines.ts'
import type { HaproxyStatement } from '../../../config/haproxy/config.ts'
import type { HaproxyProxy, HaproxySetting } from '../../../config/haproxy/effective.ts'
import type { ConfigEdit } from '../../../config/text.ts'
import type { Place } from '../../../diagnostics/diagnostic.ts'
import type { Findings } from '../../../diagnostics/findings.ts'
import { shownWords } from '../../../diagnostics/source-lines.ts'
import { haproxyWord } from '../quote.ts'
import { report } from './codes.ts'
import type { Base } from './open.ts'

/** A section that is being edited. */
export interface Editing {
  readonly base: Base
  /** Of the file with the section. */
  readonly text: string
  readonly proxy: HaproxyProxy
  /** What applies to it. */
  readonly settings: readonly HaproxySetting[]
  /** Where lines without a neighbour are inserted: after this line. */
  readonly anchor: HaproxyStatement
  readonly indent: string
  readonly edits: ConfigEdit[]
  readonly findings: Findings
}

export const written = (words: readonly string[]): string => words.map(haproxyWord).join(' ')

export const wordsOf = ({ words }: HaproxyStatement): readonly string[] =>
  words.map(({ value }) => value)

/** The place of a line of the section. */
export const placeOf = ({ base, proxy }: Editing, { start }: HaproxyStatement): Place =>
  base.at(proxy.path, start)

export const noteChange = (editing: Editing, statement: HaproxyStatement, message: string): void =>
  report(editing.findings, 'haproxy-base-method', placeOf(editing, statement), message, null)

export const insert = (
  editing: Editing,
  after: HaproxyStatement,
  words: readonly string[],
): void => {
  const { edits, indent, proxy, text } = editing
  edits.push(...insertLines(text, after.end, indent, [written(words)]))
  noteChange(editing, proxy.section.header, `"${shownWords(words)}" is added to this section`)
}

export const replace = (
  editing: Editing,
  statement: HaproxyStatement,
  words: readonly string[],
): void => {
  editing.edits.push(...replaceWords(statement, written(words)))
  const was = shownWords(wordsOf(statement))
  noteChange(editing, statement, `"${was}" changes to that of the spec: ${shownWords(words)}`)
}

export const remove = (editing: Editing, statement: HaproxyStatement): void => {
  editing.edits.push(...removeLine(editing.text, statement))
  const was = shownWords(wordsOf(statement))
  noteChange(editing, statement, `"${was}" is removed, because it is not in the spec`)
}
