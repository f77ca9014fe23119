import { type ConfigDocument, positionsIn, printConfig } from '../../../src/core/config/text.ts'

export const check = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(what)
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
