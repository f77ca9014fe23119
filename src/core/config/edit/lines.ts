import type { ConfigEdit } from '../text.ts'

/** A statement of a file, as every reader has it: a directive of nginx or httpd, a line of HAProxy. */
export interface WrittenStatement {
  readonly words: readonly {
    readonly start: number
    readonly end: number
    readonly value: string
  }[]
  readonly start: number
  readonly end: number
}

/** Where the line of an offset begins. */
const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1

/** The end of the line, before its line end. */
const lineEnd = (text: string, at: number): number => {
  const feed = text.indexOf('\n', at)
  const end = feed === -1 ? text.length : feed
  return end > at && text.charAt(end - 1) === '\r' ? end - 1 : end
}

/** The whitespace before a statement that is the first on its line; null: it is not. */
export const indentOf = (text: string, at: number): string | null => {
  const before = text.slice(lineStart(text, at), at)
  return /^[ \t]*$/.test(before) ? before : null
}

/** The line end that a text has most often at its first lines. */
export const lineBreakOf = (text: string): string => {
  const feed = text.indexOf('\n')
  return feed > 0 && text.charAt(feed - 1) === '\r' ? '\r\n' : '\n'
}

/** How many blanks of its line are before a statement. */
const blanksBefore = (text: string, start: number): number => {
  const before = text.slice(lineStart(text, start), start)
  return before.length - before.trimEnd().length
}

/** Whether only a comment is left on the line. */
const isLast = (text: string, at: number): boolean =>
  /^[ \t]*(?:#.*)?$/.test(text.slice(at, lineEnd(text, at)))

/** Inserts a statement on a line of its own after another one, and after the comment on that line. */
export const insertAfter = (
  text: string,
  sibling: WrittenStatement,
  written: string,
): readonly ConfigEdit[] => {
  const indent = indentOf(text, sibling.start)
  if (indent === null || !isLast(text, sibling.end))
    return [{ start: sibling.end, end: sibling.end, text: ` ${written}` }]
  const at = lineEnd(text, sibling.end)
  return [{ start: at, end: at, text: `${lineBreakOf(text)}${indent}${written}` }]
}

/** Inserts a statement on a line of its own before another one. */
export const insertBefore = (
  text: string,
  { start }: WrittenStatement,
  written: string,
): readonly ConfigEdit[] => {
  const indent = indentOf(text, start)
  if (indent === null) {
    const between = start - blanksBefore(text, start)
    return [{ start: between, end: between, text: ` ${written}` }]
  }
  const at = start - indent.length
  return [{ start: at, end: at, text: `${indent}${written}${lineBreakOf(text)}` }]
}

/** Removes a statement: with its line and the comment on it, if nothing else is there. */
export const removeStatement = (
  text: string,
  { start, end }: WrittenStatement,
): readonly ConfigEdit[] => {
  if (indentOf(text, start) === null || !isLast(text, end)) {
    return [{ start: start - blanksBefore(text, start), end, text: '' }]
  }
  const feed = text.indexOf('\n', end)
  return [{ start: lineStart(text, start), end: feed === -1 ? text.length : feed + 1, text: '' }]
}

/** The blanks between the first words of a statement, for a new one that is aligned with it. */
const gapAfter = (text: string, { words }: WrittenStatement, index: number): string => {
  const [word, next] = [words[index], words[index + 1]]
  const gap = word === undefined || next === undefined ? ' ' : text.slice(word.end, next.start)
  return /^[ \t]+$/.test(gap) ? gap : ' '
}

/** Joins words with the blanks of a statement of the same kind: those after its first two words. */
export const alignedWith = (
  text: string,
  sibling: WrittenStatement | null,
  words: readonly string[],
): string =>
  words
    .map((word, index) => {
      if (index === words.length - 1) return word
      return `${word}${sibling === null || index > 1 ? ' ' : gapAfter(text, sibling, index)}`
    })
    .join('')

/** Replaces one word. */
export const replaceWord = (
  { words }: WrittenStatement,
  index: number,
  text: string,
): readonly ConfigEdit[] => {
  const word = words[index]
  return word === undefined ? [] : [{ start: word.start, end: word.end, text }]
}

/** Removes one word, with the blanks before it. */
export const removeWord = ({ words }: WrittenStatement, index: number): readonly ConfigEdit[] => {
  const [before, word] = [words[index - 1], words[index]]
  return before === undefined || word === undefined
    ? []
    : [{ start: before.end, end: word.end, text: '' }]
}

/** Adds words after the last one. */
export const appendWords = (
  { words }: WrittenStatement,
  added: readonly string[],
): readonly ConfigEdit[] => {
  const last = words.at(-1)
  if (last === undefined || added.length === 0) return []
  return [{ start: last.end, end: last.end, text: added.map((word) => ` ${word}`).join('') }]
}
