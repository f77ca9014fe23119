import { parseLock } from '../../../src/build-nginx/core/lock/parse.ts'
import { parseJournal } from '../../../src/build-nginx/core/upgrade/journal.ts'
import type { Read } from '../read.ts'

export const read: Read = (bytes) => {
  const text = bytes.toString('utf8')
  parseLock(text)
  parseJournal(text)
}
