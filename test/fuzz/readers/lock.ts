import { parseLock } from '../../../src/core/build/lock/parse.ts'
import { parseJournal } from '../../../src/core/build/upgrade/journal.ts'
import type { Read } from '../read.ts'

export const read: Read = (bytes) => {
  const text = bytes.toString('utf8')
  parseLock(text)
  parseJournal(text)
}
