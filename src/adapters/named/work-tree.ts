import { lstatSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A `.git` that another user put into a folder above, such as /tmp, makes no repository of it. */
const isTrusted = (owner: number, folder: string): boolean => {
  const own = process.getuid?.()
  // The folder of a spec of an old revision may no longer exist.
  const { uid } = statSync(folder, { throwIfNoEntry: false }) ?? {}
  return own === undefined || [0, own, uid].includes(owner)
}

/**
 * The top of the git work tree around a folder, or null. Its name is looked for, since git itself costs
 * more than all else that a run does.
 */
export const workTreeOf = (folder: string): string | null => {
  for (let at = folder; ; at = dirname(at)) {
    const found = lstatSync(join(at, '.git'), { throwIfNoEntry: false })
    if (found !== undefined && isTrusted(found.uid, folder)) return at
    if (dirname(at) === at) return null
  }
}
