import { manifestPath } from '../../core/output/manifest.ts'
import type { Found } from '../../core/output/plan.ts'
import type { Output } from '../../ports.ts'
import { ioError } from '../io-error.ts'
import { commitChanges, removeLeftovers } from './commit.ts'
import { lockFolder } from './lock.ts'
import { modeOfOwn, readOwn } from './own-file.ts'

const look = (
  folder: string,
  concerned: (manifestText: string | null) => readonly string[],
  interrupted: readonly string[],
): Found => {
  const manifest = readOwn(folder, manifestPath)
  const manifestText = manifest === null ? null : new TextDecoder().decode(manifest)
  const files = new Map<string, Uint8Array>()
  const modes = new Map<string, number>()
  for (const path of concerned(manifestText)) {
    const bytes = readOwn(folder, path)
    if (bytes === null) continue
    files.set(path, bytes)
    const mode = modeOfOwn(folder, path)
    if (mode !== null) modes.set(path, mode)
  }
  return { manifestText, files, modes, interrupted }
}

/** Artifacts on a real file system. */
export const outputOnDisk: Output = {
  look: async (folder, concerned) => look(folder, concerned, []),
  change: async (folder, concerned, plan, signal) => {
    const lock = await lockFolder(folder, signal).catch((error: unknown) => {
      if (signal.aborted) throw error
      throw ioError('write to', folder, error)
    })
    let isDone = false
    try {
      removeLeftovers(folder, lock.interrupted)
      const changes = plan(look(folder, concerned, lock.interrupted))
      await commitChanges(folder, changes, lock.announce, signal)
      isDone = true
    } catch (error) {
      if (signal.aborted || !(error instanceof Error) || !('code' in error)) throw error
      throw ioError('write to', folder, error)
    } finally {
      lock.release(isDone)
    }
  },
}
