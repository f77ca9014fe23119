import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { IoError } from '../errors.ts'
import type { Workplace, Workspace } from '../ports.ts'
import { ioError } from './io-error.ts'
import { foreignOnWay } from './trusted-path.ts'

/** The mode of the new folder is of no use where somebody else can put another in its place. */
const checkAbove = (): void => {
  const found = foreignOnWay(tmpdir())
  if (found === null) return
  throw new IoError(
    `temporary files in ${tmpdir()} could be exchanged by another user\n  ${found.path}: ${found.why}`,
    { help: 'set TMPDIR to a folder that nobody else can write to, or that is sticky, as /tmp is' },
  )
}

const make = (): string => {
  try {
    checkAbove()
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
