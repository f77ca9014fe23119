import { nginxStatements, readNginxFiles } from '../../../src/core/config/nginx/files.ts'
import { readNginx } from '../../../src/core/config/nginx/tree.ts'
import type { Read } from '../read.ts'
import { check, checkDocument, checkTree } from './check-config.ts'

export const read: Read = (bytes) => {
  for (const isTemplate of [true, false, 'detect'] as const) {
    const document = readNginx(bytes, { isTemplate })
    checkDocument(bytes, document)
    let at = 0
    for (const { start, end, kind } of document.tokens) {
      check(!/[^ \t\r\n]/.test(document.text.slice(at, start)), `text is lost before ${start}`)
      check(kind !== 'word' || end > start, 'a word without text')
      at = end
    }
    check(!/[^ \t\r\n]/.test(document.text.slice(at)), 'text is lost at the end')
    checkTree(document.directives, 0, document.text.length)
  }
  // The input includes itself, under the names that it has.
  const files = new Map(['nginx.conf', 'mime.types', 'a'].map((path) => [path, bytes] as const))
  nginxStatements(readNginxFiles('nginx.conf', files))
}
