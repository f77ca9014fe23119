import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

const isFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false

/**
 * Creates a folder with its missing parents. `recursive: true` of Node.js never returns where the file
 * system refuses to create a folder (/proc).
 * @returns the topmost folder that was created; null when the folder existed.
 */
export const makeFolders = (path: string, mode = 0o777): string | null => {
  if (isFolder(path)) return null
  const parent = dirname(path)
  const topmost = parent === path ? null : makeFolders(parent, mode)
  try {
    mkdirSync(path, { mode })
  } catch (error) {
    // Another process may have been faster.
    if (!isFolder(path)) throw error
    return topmost
  }
  return topmost ?? path
}
