import type { Branch } from './tree.ts'

/** Of the words of one line. */
export type Words = (words: readonly string[]) => readonly string[]

const wordsDiffer = (
  expected: readonly string[],
  actual: readonly string[],
): readonly string[] | null =>
  expected.length === actual.length && expected.every((word, index) => word === actual[index])
    ? null
    : [`expected ${JSON.stringify(expected)}`, `read     ${JSON.stringify(actual)}`]

/**
 * The first place where the tree differs from what the harmless one makes expect; null: nowhere.
 * @param expected makes the words that are expected from harmless ones
 * @param read makes the text from words, as far as the dialect has a syntax of its own within them
 */
export const difference = (
  harmless: readonly Branch[],
  actual: readonly Branch[],
  expected: Words,
  read: Words,
): readonly string[] | null => {
  for (const [index, branch] of harmless.entries()) {
    const other = actual[index]
    if (other === undefined) return [`missing ${JSON.stringify(branch.words)}`]
    const found =
      wordsDiffer(expected(branch.words), read(other.words)) ??
      difference(branch.branches, other.branches, expected, read)
    if (found !== null) return found
  }
  const more = actual[harmless.length]
  return more === undefined ? null : [`not expected ${JSON.stringify(more.words)}`]
}
