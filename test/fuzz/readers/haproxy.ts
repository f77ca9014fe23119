import { readHaproxy } from '../../../src/core/config/haproxy/config.ts'
import { haproxyProxies, haproxySettings } from '../../../src/core/config/haproxy/effective.ts'
import type { Read } from '../read.ts'
import { check, checkDocument } from './check-config.ts'

export const read: Read = (bytes) => {
  for (const isTemplate of [true, false, 'detect'] as const) {
    const document = readHaproxy(bytes, { isTemplate })
    checkDocument(bytes, document)
    for (const { words, start, end } of document.lines)
      check(words[0]?.start === start && words.at(-1)?.end === end, 'a line without its words')
    const inSections = document.sections.reduce((count, { lines }) => count + lines.length + 1, 0)
    check(inSections <= document.lines.length, 'a line in two sections')
    for (const proxy of haproxyProxies([{ path: 'a', config: document }]).slice(-20))
      haproxySettings(proxy)
    // Text that is lost would stand between two words of a line, outside of quotes.
    if (document.isTemplate) continue
    for (const { words } of document.lines)
      words.slice(1).forEach((word, index) => {
        const between = document.text.slice(words[index]?.end, word.start)
        check(/^[ \t\v\f\r]+$/.test(between), `text is lost before ${word.start}`)
      })
  }
}
