import { type ConfigDocument, positionsIn, printConfig } from '../../../src/core/config/text.ts'

export const check = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(what)
}

interface Range {
  readonly start: number
  readonly end: number
}

interface Statement extends Range {
  readonly words: readonly Range[]
  readonly block: (Range & { readonly children: readonly Statement[] }) | null
}

/** Directives are in order, inside their block, and made of words. */
export const checkTree = (directives: readonly Statement[], from: number, to: number): void => {
  let at = from
  for (const { start, end, words, block } of directives) {
    check(at <= start && start < end && end <= to, `a directive from ${start} to ${end}`)
    check(
      words.every((word) => start <= word.start && word.end <= end),
      'a word outside',
    )
    if (block !== null) checkTree(block.children, block.start, block.end)
    at = end
  }
}

/** The printed bytes are those that were read, tokens are in order, and problems are in the text. */
export const checkDocument = (bytes: Uint8Array, document: ConfigDocument): void => {
  check(Buffer.from(bytes).equals(printConfig(document)), 'the printed bytes differ')
  let at = 0
  for (const { end, start } of document.tokens) {
    check(at <= start && start < end, `a token from ${start} to ${end} after ${at}`)
    at = end
  }
  check(at <= document.text.length, 'a token after the text')
  const positionOf = positionsIn(document.text)
  for (const problem of document.problems) {
    check(problem.at <= document.text.length, 'a problem after the text')
    check(positionOf(problem.at).line > 0, 'no line')
  }
}
