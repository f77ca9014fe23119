import {
  chmodSync,
  lstatSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { makeFolders } from '../../adapters/folders.ts'
import type { PackageEntry } from '../core/package/entries.ts'

const isThere = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined

/** Exactly these rights, whatever the umask. */
const writeEntry = (path: string, { mode, content }: PackageEntry): void => {
  if (content === null) mkdirSync(path)
  else writeFileSync(path, content, { flag: 'wx' })
  chmodSync(path, mode)
}

const fill = (stage: string, entries: readonly PackageEntry[], seconds: number): void => {
  mkdirSync(stage)
  chmodSync(stage, 0o755)
  for (const entry of entries) writeEntry(join(stage, entry.path), entry)
  // From within: what is made in a folder changes its time.
  for (const { path } of [...entries].reverse()) utimesSync(join(stage, path), seconds, seconds)
}

/** Beside what it replaces, so that it is a matter of names; a run that died is swept up after. */
export const publish = (
  named: string,
  content: Uint8Array | readonly PackageEntry[],
  seconds: number,
): void => {
  makeFolders(dirname(named), 0o777)
  const path = isThere(named) ? realpathSync(named) : named
  const [stage, old] = ['new', 'old'].map((word) =>
    join(dirname(path), `.${basename(path)}.sessctl-${word}`),
  ) as [string, string]
  rmSync(stage, { recursive: true, force: true })
  try {
    if (content instanceof Uint8Array) {
      writeEntry(stage, { path: '', mode: 0o644, content })
      utimesSync(stage, seconds, seconds)
      renameSync(stage, path)
      return
    }
    fill(stage, content, seconds)
    rmSync(old, { recursive: true, force: true })
    if (isThere(path)) renameSync(path, old)
    renameSync(stage, path)
    rmSync(old, { recursive: true, force: true })
  } catch (error) {
    if (!isThere(path) && isThere(old)) renameSync(old, path)
    rmSync(stage, { recursive: true, force: true })
    throw error
  }
}
