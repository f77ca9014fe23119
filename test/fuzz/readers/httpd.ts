import { httpdHosts } from '../../../src/core/config/httpd/balancers.ts'
import { readHttpdFiles } from '../../../src/core/config/httpd/files.ts'
import { type HttpdDirective, readHttpd } from '../../../src/core/config/httpd/tree.ts'
import type { Read } from '../read.ts'
import { check, checkDocument } from './check-config.ts'

/** Directives are in order, inside their section, and made of words. */
const checkTree = (directives: readonly HttpdDirective[], from: number, to: number): void => {
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
    const document = readHttpd(bytes, { isTemplate })
    checkDocument(bytes, document)
    checkTree(document.directives, 0, document.text.length)
  }
  // The input includes itself, under the names that it has.
  const files = new Map(['a.conf', 'conf.d/b.conf'].map((path) => [path, bytes]))
  httpdHosts(readHttpdFiles('a.conf', files).statements)
}
