import { manifestPath } from '../../core/output/manifest.ts'
import type { Found } from '../../core/output/plan.ts'
import type { Output } from '../../ports.ts'
import { asOwner, ownerOf } from '../as-owner.ts'
import { ioError } from '../io-error.ts'
import { foreignOnWay } from '../trusted-path.ts'
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

const change: Output['change'] = async (folder, concerned, plan, signal) => {
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
}

const notice: Output['notice'] = (folder) => {
  if (process.geteuid?.() !== 0) return null
  const owner = ownerOf(folder)
  if (owner !== null) {
    const whose = `${owner.folder} is owned by user ${owner.uid}`
    const message = `${whose}: ${folder} is read and written with the rights of this user`
    return { level: 'note', message }
  }
  const found = foreignOnWay(folder)
  if (found === null) return null
  const message = `${folder} is written as root, and another user could replace a folder during the run\n  ${found.path}: ${found.why}`
  return { level: 'warning', message }
}

/** Artifacts on a real file system. */
export const outputOnDisk: Output = {
  notice,
  look: (folder, concerned) => asOwner(folder, async () => look(folder, concerned, [])),
  change: (folder, concerned, plan, signal) =>
    asOwner(folder, () => change(folder, concerned, plan, signal)),
}
