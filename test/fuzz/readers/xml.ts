import { readBase } from '../../../src/core/dialects/tomcat/base-file.ts'
import { readBaseServer } from '../../../src/core/dialects/tomcat/base-server.ts'
import { attributeValue } from '../../../src/core/dialects/tomcat/xml/document.ts'
import { applySplices, insertChild } from '../../../src/core/dialects/tomcat/xml/edit.ts'
import { reparse } from '../../../src/core/dialects/tomcat/xml/parse.ts'
import type { Read } from '../read.ts'

const node = { name: 'Valve', attributes: [['className', 'a&"b']] as const, children: [] }

export const read: Read = (bytes) => {
  for (const root of ['Server', 'Context'] as const) {
    const base = readBase('server.xml', bytes, root)
    if (!base.ok) continue
    const { document } = base.value
    // What is inserted is there afterwards, and the file can still be read.
    const text = applySplices(
      document.text,
      insertChild(document, document.root, node, { kind: 'last' }),
    )
    const inserted = reparse(document, text).root.children.at(-1)
    if (inserted === undefined || attributeValue(inserted, 'className') !== 'a&"b')
      throw new Error('the inserted element is not there')
    if (root === 'Server')
      readBaseServer(base.value, {
        protocol: 'http',
        frontends: [],
        port: 8080,
        host: null,
      })
  }
}
