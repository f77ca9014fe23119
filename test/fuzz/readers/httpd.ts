import { httpdHosts } from '../../../src/core/config/httpd/balancers.ts'
import { readHttpdFiles } from '../../../src/core/config/httpd/files.ts'
import { readHttpd } from '../../../src/core/config/httpd/tree.ts'
import type { Read } from '../read.ts'
import { checkDocument, checkTree } from './check-config.ts'

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
