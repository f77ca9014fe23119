import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

const isFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false

/** A folder with those on the way. Node's own way of it never ends where none can be made (/proc). */
export const makeFolders = (path: string, mode: number): void => {
  const above = dirname(path)
  if (isFolder(path)) return
  if (above !== path) makeFolders(above, mode)
  try {
    mkdirSync(path, { mode })
  } catch (error) {
    // Somebody else may have been faster.
    if (!isFolder(path)) throw error
  }
}
