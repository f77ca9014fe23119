import { chmodSync, chownSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'vitest'
import { tempDir } from '../real/support/temp-dir.ts'

/** Nobody: a user that every host has, and that owns nothing. */
export const secondUser = 65534

/** A test that needs to be root, to be another user as well. */
export const asRoot = test.skipIf(process.getuid?.() !== 0)

/** A folder that the second user can reach, too. */
export const sharedFolder = (): string => {
  const folder = tempDir()
  chmodSync(folder, 0o755)
  return folder
}

export const give = (path: string): void => chownSync(path, secondUser, secondUser)

/** A folder of the second user, with those on the way as they are. */
export const theirFolder = (parent: string, name: string, mode = 0o755): string => {
  const folder = join(parent, name)
  mkdirSync(folder, { recursive: true })
  chmodSync(folder, mode)
  give(folder)
  return folder
}
