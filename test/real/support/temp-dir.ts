import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { atEnd } from './cleanup.ts'

/** A new private folder (mode 0700), removed when the running test ends. */
export const tempDir = (): string => {
  const dir = mkdtempSync(join(tmpdir(), 'sessctl-real-'))
  const remove = () => rmSync(dir, { recursive: true, force: true, maxRetries: 5 })
  atEnd({ cleanUp: remove, abandon: remove })
  return dir
}
