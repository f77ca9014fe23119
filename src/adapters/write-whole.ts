import { randomBytes } from 'node:crypto'
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Whole or not at all. Folders are made as the umask has it; private ones are made before. */
export const writeWhole = (path: string, content: string | Uint8Array, mode: number): void => {
  mkdirSync(dirname(path), { recursive: true })
  const staged = join(dirname(path), `.sessctl-${randomBytes(6).toString('hex')}`)
  try {
    writeFileSync(staged, content, { flag: 'wx', mode })
    renameSync(staged, path)
  } catch (error) {
    rmSync(staged, { force: true })
    throw error
  }
}
