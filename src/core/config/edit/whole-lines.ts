import type { ConfigEdit } from '../text.ts'
import { lineBreakOf, type WrittenStatement } from './lines.ts'

/**
 * Edits of formats in which a statement has its line for itself, or several that are continued: those of
 * HAProxy and httpd.
 */

/** The blanks before a statement. */
export const indentAt = (text: string, start: number): string => {
  const begin = text.lastIndexOf('\n', start - 1) + 1
  return /^[ \t]*/.exec(text.slice(begin, start))?.[0] ?? ''
}

/** The offset after the line of a statement, with its line feed. */
export const afterLine = (text: string, end: number): number => {
  const feed = text.indexOf('\n', end)
  return feed === -1 ? text.length : feed + 1
}

/** Inserts lines after that of a statement. */
export const insertLines = (
  text: string,
  after: number,
  indent: string,
  lines: readonly string[],
): readonly ConfigEdit[] => {
  const at = afterLine(text, after)
  const lineBreak = lineBreakOf(text)
  const isOpen = at === text.length && at > 0 && !text.endsWith('\n')
  return lines.map((line) => {
    const written = `${indent}${line}`
    const broken = isOpen ? `${lineBreak}${written}` : `${written}${lineBreak}`
    return { start: at, end: at, text: broken }
  })
}

/** Inserts lines before that of a statement. */
export const insertLinesBefore = (
  text: string,
  before: number,
  indent: string,
  lines: readonly string[],
): readonly ConfigEdit[] => {
  const at = text.lastIndexOf('\n', before - 1) + 1
  const lineBreak = lineBreakOf(text)
  return lines.map((line) => ({ start: at, end: at, text: `${indent}${line}${lineBreak}` }))
}

/** Removes the line of a statement, with the comment on it. */
export const removeLine = (
  text: string,
  { start, end }: WrittenStatement,
): readonly ConfigEdit[] => [
  { start: text.lastIndexOf('\n', start - 1) + 1, end: afterLine(text, end), text: '' },
]

/** Replaces all words; the comment on the line stays. */
export const replaceWords = (
  { start, end }: WrittenStatement,
  written: string,
): readonly ConfigEdit[] => [{ start, end, text: written }]
