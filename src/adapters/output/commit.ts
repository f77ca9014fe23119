import { randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  copyFileSync,
  fchmodSync,
  fchownSync,
  fsync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { isPrivateMode, privateMode } from '../../core/output/manifest.ts'
import type { Change } from '../../core/output/plan.ts'
import { IoError } from '../../errors.ts'
import type { FolderLock } from './lock.ts'
import { ownFile } from './own-file.ts'

interface Step {
  readonly path: string
  readonly target: string
  /** What will stand there; null when the file only goes. */
  readonly after: Uint8Array | null
  /** Whether it holds a secret. */
  readonly isPrivate: boolean
  /** The new file, complete and synced beside its place; null when the file only goes. */
  readonly staged: string | null
  /** Where the old file waits until everything is done; null when there was none. */
  readonly backup: string | null
}

const relativeTo = (root: string, file: string): string => relative(root, file).split(sep).join('/')

/** A link inside the folder could lead anywhere: only real folders are written into. */
const ensureFolder = (root: string, path: string, made: string[]): void => {
  let folder = root
  for (const part of path.split('/').slice(0, -1)) {
    folder = join(folder, part)
    const status = lstatSync(folder, { throwIfNoEntry: false })
    if (status === undefined) {
      mkdirSync(folder)
      made.push(folder)
    } else if (!status.isDirectory()) {
      throw new IoError(`${folder} is not a folder`, {
        help: 'move it, or set another --output',
      })
    }
  }
}

const modeOf = (file: string): number => {
  const status = lstatSync(file, { throwIfNoEntry: false })
  return status?.isFile() ? status.mode & 0o777 : 0o644
}

/**
 * The new file has no secret in it before others are kept out. Mode 0640 and the group that an operator
 * has chosen are kept, as a Tomcat reads the file by them; without the group the mode is of no use.
 */
const openPrivate = (staged: string, target: string): number => {
  const handle = openSync(staged, 'wx', privateMode)
  const status = lstatSync(target, { throwIfNoEntry: false })
  const mode = status?.isFile() ? status.mode & 0o777 : privateMode
  if (status === undefined || !isPrivateMode(mode)) return handle
  try {
    fchownSync(handle, -1, status.gid)
    fchmodSync(handle, mode)
  } catch {
    // The group is not one of ours: the file stays private to its owner.
  }
  return handle
}

const synced = (handle: number): Promise<void> =>
  new Promise((resolve, reject) => {
    fsync(handle, (error) => (error === null ? resolve() : reject(error)))
  })

/**
 * The bytes are on the disk before a name leads to them, so that no file is ever half there. That
 * the name itself survives a power failure is not waited for: the next run would write it again.
 */
const writeStaged = async (steps: readonly Step[]): Promise<void> => {
  const handles: number[] = []
  try {
    for (const { target, staged, after, isPrivate } of steps) {
      if (staged === null || after === null) continue
      const handle = isPrivate
        ? openPrivate(staged, target)
        : openSync(staged, 'wx', modeOf(target))
      handles.push(handle)
      writeFileSync(handle, after)
    }
    // Together: the file system waits for its disk once, not once a file.
    const results = await Promise.allSettled(handles.map(synced))
    for (const result of results) if (result.status === 'rejected') throw result.reason
  } finally {
    for (const handle of handles) closeSync(handle)
  }
}

/** The old file under a second name, so that the swap itself is one rename: a reader never finds nothing. */
const keepAside = (target: string, backup: string): void => {
  try {
    linkSync(target, backup)
  } catch {
    // Not every file system has hard links.
    copyFileSync(target, backup, constants.COPYFILE_EXCL)
  }
}

const swap = (steps: readonly Step[], done: Step[]): void => {
  for (const step of steps) {
    if (step.backup !== null) keepAside(step.target, step.backup)
    done.push(step)
    if (step.staged === null) rmSync(step.target)
    else renameSync(step.staged, step.target)
  }
}

const undo = (done: readonly Step[]): void => {
  for (const step of [...done].reverse()) {
    if (step.backup === null) rmSync(step.target, { force: true })
    else renameSync(step.backup, step.target)
  }
}

/** Where the folder is none the file never was; nothing may hide why the change failed. */
const discard = (file: string): void => {
  try {
    rmSync(file, { force: true })
  } catch {
    // What is left has a name of its own.
  }
}

/** Whether the folder was empty and is gone. */
const isRemoved = (folder: string): boolean => {
  try {
    rmdirSync(folder)
    return true
  } catch {
    return false
  }
}

/** Folders that the removed files leave empty go too, up to the output folder itself. */
const removeLeftEmpty = (root: string, changes: readonly Change[]): void => {
  for (const { path, action } of changes) {
    if (action !== 'remove') continue
    const parts = path.split('/')
    for (let depth = parts.length - 1; depth > 0; depth--) {
      if (!isRemoved(join(root, ...parts.slice(0, depth)))) break
    }
  }
}

const stepsOf = (root: string, changes: readonly Change[]): readonly Step[] => {
  const mark = `.sessctl-${randomBytes(6).toString('hex')}`
  return changes.map(({ path, before, after, privateFor }, index) => {
    const target = join(root, ...path.split('/'))
    const name = join(dirname(target), `${mark}-${index}`)
    return {
      path,
      target,
      after,
      isPrivate: privateFor !== null,
      staged: after === null ? null : `${name}.new`,
      backup: before === null ? null : `${name}.old`,
    }
  })
}

const leftoverName = /(^|\/)\.sessctl-[0-9a-f]{12}-\d+\.(new|old)$/

/** Removes what a run that died left beside the files it was writing. */
export const removeLeftovers = (root: string, interrupted: readonly string[]): void => {
  for (const path of interrupted) {
    if (path.split('/').includes('..') || !leftoverName.test(path)) continue
    const file = ownFile(root, path)
    if (file !== null) rmSync(file, { force: true })
  }
}

/** Handles open at once; between two batches signals are heard. */
const batchSize = 64

/**
 * Makes the changes: everything is first written beside its place and synced, then swapped in by
 * renames. Whatever fails, the files that stood there before stand there again.
 * @param announce is told every path that will be touched, before the first one is.
 * @throws what the file system said, after the old state is back.
 */
export const commitChanges = async (
  root: string,
  changes: readonly Change[],
  announce: FolderLock['announce'],
  signal: AbortSignal,
): Promise<void> => {
  const pending = changes.filter(({ action }) => action !== 'unchanged')
  const steps = stepsOf(root, pending)
  const made: string[] = []
  const done: Step[] = []
  try {
    announce(
      steps.flatMap(({ target, staged, backup }) =>
        [target, staged, backup].flatMap((file) => (file === null ? [] : [relativeTo(root, file)])),
      ),
    )
    for (let start = 0; start < steps.length; start += batchSize) {
      signal.throwIfAborted()
      const batch = steps.slice(start, start + batchSize)
      for (const { path } of batch) ensureFolder(root, path, made)
      await writeStaged(batch)
    }
    swap(steps, done)
  } catch (error) {
    undo(done)
    for (const { staged, backup } of steps) {
      if (staged !== null) discard(staged)
      if (backup !== null) discard(backup)
    }
    for (const folder of made.reverse()) isRemoved(folder)
    throw error
  }
  for (const { backup } of steps) if (backup !== null) rmSync(backup, { force: true })
  removeLeftEmpty(root, pending)
}
