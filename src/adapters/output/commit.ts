import { randomBytes } from 'node:crypto'
import { constants, copyFile, link, lstat, mkdir, open, rename, rm, rmdir } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import type { Change } from '../../core/output/plan.ts'
import { IoError } from '../../errors.ts'
import type { Lock } from './lock.ts'

interface Step {
  readonly target: string
  /** The new file, complete and synced beside its place; null when the file only goes. */
  readonly staged: string | null
  /** Where the old file waits until everything is done; null when there was none. */
  readonly backup: string | null
}

const relativeTo = (root: string, file: string): string => relative(root, file).split(sep).join('/')

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT'

/** A link inside the folder could lead anywhere: only real folders are written into. */
const ensureFolder = async (root: string, path: string, made: string[]): Promise<void> => {
  let folder = root
  for (const part of path.split('/').slice(0, -1)) {
    folder = join(folder, part)
    const status = await lstat(folder).catch((error: unknown) => {
      if (isMissing(error)) return null
      throw error
    })
    if (status === null) {
      await mkdir(folder)
      made.push(folder)
    } else if (!status.isDirectory()) {
      throw new IoError(`${folder} is not a folder`, {
        help: 'move it away, or choose another --out',
      })
    }
  }
}

const modeOf = async (file: string): Promise<number> => {
  try {
    return (await lstat(file)).mode & 0o777
  } catch (error) {
    if (isMissing(error)) return 0o644
    throw error
  }
}

const writeStaged = async (file: string, bytes: Uint8Array, mode: number): Promise<void> => {
  const handle = await open(file, 'wx', mode)
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** The old file under a second name, so that the swap itself is one rename: a reader never finds nothing. */
const keepAside = async (target: string, backup: string): Promise<void> => {
  try {
    await link(target, backup)
  } catch {
    // Not every file system has hard links.
    await copyFile(target, backup, constants.COPYFILE_EXCL)
  }
}

const swap = async (steps: readonly Step[], done: Step[]): Promise<void> => {
  for (const step of steps) {
    if (step.backup !== null) await keepAside(step.target, step.backup)
    done.push(step)
    if (step.staged === null) await rm(step.target)
    else await rename(step.staged, step.target)
  }
}

const undo = async (done: readonly Step[]): Promise<void> => {
  for (const step of [...done].reverse()) {
    if (step.backup === null) await rm(step.target, { force: true })
    else await rename(step.backup, step.target)
  }
}

const removeEmpty = async (folders: readonly string[]): Promise<void> => {
  for (const folder of [...folders].reverse()) await rmdir(folder).catch(() => undefined)
}

/** Folders that the removed files leave empty go too, up to the output folder itself. */
const removeLeftEmpty = async (root: string, changes: readonly Change[]): Promise<void> => {
  for (const { path, action } of changes) {
    if (action !== 'remove') continue
    const parts = path.split('/')
    for (let depth = parts.length - 1; depth > 0; depth--) {
      const isEmpty = await rmdir(join(root, ...parts.slice(0, depth))).then(
        () => true,
        () => false,
      )
      if (!isEmpty) break
    }
  }
}

const stepsOf = (root: string, changes: readonly Change[]): readonly Step[] => {
  const mark = `.sessctl-${randomBytes(6).toString('hex')}`
  return changes.map(({ path, before, after }, index) => {
    const target = join(root, ...path.split('/'))
    const name = join(dirname(target), `${mark}-${index}`)
    return {
      target,
      staged: after === null ? null : `${name}.new`,
      backup: before === null ? null : `${name}.old`,
    }
  })
}

const leftoverName = /(^|\/)\.sessctl-[0-9a-f]{12}-\d+\.(new|old)$/

/** Removes what a run that died left beside the files it was writing. */
export const removeLeftovers = async (
  root: string,
  interrupted: readonly string[],
): Promise<void> => {
  for (const path of interrupted) {
    const isInside = !path.split('/').includes('..')
    if (isInside && leftoverName.test(path))
      await rm(join(root, ...path.split('/')), { force: true })
  }
}

/**
 * Makes the changes: everything is first written beside its place and synced, then swapped in by
 * renames. Whatever fails, the files that stood there before stand there again.
 * @param announce is told every path that will be touched, before the first one is.
 * @throws what the file system said, after the old state is back.
 */
export const commitChanges = async (
  root: string,
  changes: readonly Change[],
  announce: Lock['announce'],
  signal: AbortSignal,
): Promise<void> => {
  const pending = changes.filter(({ action }) => action !== 'unchanged')
  const steps = stepsOf(root, pending)
  const made: string[] = []
  const done: Step[] = []
  try {
    await announce(
      steps.flatMap((step) =>
        Object.values(step).flatMap((file) => (file === null ? [] : [relativeTo(root, file)])),
      ),
    )
    for (const [index, { path, after }] of pending.entries()) {
      signal.throwIfAborted()
      await ensureFolder(root, path, made)
      const step = steps[index]
      if (after !== null && step?.staged)
        await writeStaged(step.staged, after, await modeOf(step.target))
    }
    await swap(steps, done)
    for (const folder of new Set(steps.map(({ target }) => dirname(target))))
      await syncFolder(folder)
  } catch (error) {
    await undo(done)
    for (const { staged, backup } of steps) {
      if (staged !== null) await rm(staged, { force: true })
      if (backup !== null) await rm(backup, { force: true })
    }
    await removeEmpty(made)
    throw error
  }
  for (const { backup } of steps) if (backup !== null) await rm(backup, { force: true })
  await removeLeftEmpty(root, pending)
}
