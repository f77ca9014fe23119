import { nginxStatements, readNginxFiles } from '../../../src/core/config/nginx/files.ts'
import { type Directive, readNginx } from '../../../src/core/config/nginx/tree.ts'
import { positionsIn, printConfig } from '../../../src/core/config/text.ts'
import type { Read } from '../read.ts'

const check = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(what)
}

/** Directives are in order, inside their block, and made of words. */
const checkTree = (directives: readonly Directive[], from: number, to: number): void => {
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

export const read: Read = (bytes) => {
  for (const isTemplate of [true, false, 'detect'] as const) {
    const document = readNginx(bytes, { isTemplate })
    check(bytes.equals(printConfig(document)), 'the printed bytes differ')
    let at = 0
    for (const { start, end, kind } of document.tokens) {
      check(at <= start && start < end, `a token from ${start} to ${end}`)
      check(!/[^ \t\r\n]/.test(document.text.slice(at, start)), `text is lost before ${start}`)
      check(kind !== 'word' || end > start, 'a word without text')
      at = end
    }
    check(!/[^ \t\r\n]/.test(document.text.slice(at)), 'text is lost at the end')
    checkTree(document.directives, 0, document.text.length)
    const positionOf = positionsIn(document.text)
    for (const problem of document.problems) check(positionOf(problem.at).line > 0, 'no line')
  }
  // The input includes itself, under the names that it has.
  const files = new Map(['nginx.conf', 'mime.types', 'a'].map((path) => [path, bytes] as const))
  nginxStatements(readNginxFiles('nginx.conf', files))
}
