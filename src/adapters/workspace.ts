import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Workplace, Workspace } from '../ports.ts'
import { ioError } from './io-error.ts'

const make = (): string => {
  try {
    return mkdtempSync(join(realpathSync(tmpdir()), 'sessctl-'))
  } catch (error) {
    throw ioError(
      'make a folder in',
      tmpdir(),
      error,
      'set TMPDIR to a folder that can be written to',
    )
  }
}

const workplaceIn = (folder: string): Workplace => {
  const inFolder = (path: string): string => join(folder, ...path.split('/'))
  return {
    folder,
    isRoot: process.getuid?.() === 0,
    write: async (path, content) => {
      const file = inFolder(path)
      try {
        mkdirSync(dirname(file), { recursive: true })
        writeFileSync(file, content, { mode: 0o600 })
      } catch (error) {
        throw ioError('write', file, error)
      }
    },
    makeFolder: async (path) => {
      try {
        mkdirSync(inFolder(path), { recursive: true })
      } catch (error) {
        throw ioError('make', inFolder(path), error)
      }
    },
  }
}

/** Folders below the system's temporary one; mkdtemp makes them with mode 0700. */
export const workspaceOnDisk: Workspace = {
  within: async (work) => {
    const folder = make()
    try {
      return await work(workplaceIn(folder))
    } finally {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    }
  },
}
