import { chmodSync, lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Of a file that may be executed or not: nothing else of its rights is anybody's to bring along. */
export const usualMode = (mode: number): number => ((mode & 0o111) === 0 ? 0o644 : 0o755)

/**
 * Gives a folder that only we can reach, and all it holds, the usual rights: whoever packed it has no
 * say in setuid, setgid and sticky bits, nor in who may write.
 */
export const setUsualModes = (folder: string): void => {
  chmodSync(folder, 0o755)
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) setUsualModes(path)
    else if (entry.isFile()) chmodSync(path, usualMode(lstatSync(path).mode))
  }
}
