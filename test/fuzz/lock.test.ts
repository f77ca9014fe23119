import { parseLock } from '../../src/core/build/lock/parse.ts'
import { parseJournal } from '../../src/core/build/upgrade/journal.ts'
import { fuzz } from './fuzz.ts'

const words = ['{', '}', '[', ']', ':', ',', '"', '\\u0000', 'null', '1e999', '-0', '"sha256":']

fuzz('lock', [...words, '"__proto__":', '"inputs":', '"format":', '"proof":'], (bytes) => {
  const text = bytes.toString('utf8')
  parseLock(text)
  parseJournal(text)
})
