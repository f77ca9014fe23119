import { statSync } from 'node:fs'
import { dirname, join, posix, relative, sep } from 'node:path'
import { ToolError } from '../../errors.ts'
import { type Ask, askIn, firstLine } from './ask.ts'

/** A repository, asked from a folder. */
export interface Repository {
  readonly ask: Ask
  /** The folder in the repository: empty, or with `/` at its end. */
  readonly prefix: string
  /** The path in the repository of an absolute path of the host. */
  readonly pathOf: (path: string) => string
}

/** Thrown by the question itself once a signal has come. */
export const isAbort = (error: unknown): boolean =>
  error instanceof Error && error.name === 'AbortError'

const isFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false

/** A spec that moved or was removed leaves no folder behind: its repository is around the next one. */
const existingFolder = (folder: string): string =>
  isFolder(folder) || dirname(folder) === folder ? folder : existingFolder(dirname(folder))

/** Where the folder lies below the top of its work tree. */
const prefixOf = async (ask: Ask): Promise<string> => {
  const answer = await ask((git) =>
    git.raw(['rev-parse', '--is-inside-work-tree', '--show-prefix']),
  )
  const [isInside, ...prefix] = answer.replace(/\n$/, '').split('\n')
  if (isInside === 'true') return prefix.join('\n')
  throw new Error('this operation must be run in a work tree')
}

const looksBare = (folder: string): boolean =>
  ['objects', 'refs'].every((name) => isFolder(join(folder, name))) &&
  statSync(join(folder, 'HEAD'), { throwIfNoEntry: false }) !== undefined

const bareAround = (folder: string): string | null => {
  if (looksBare(folder)) return folder
  return dirname(folder) === folder ? null : bareAround(dirname(folder))
}

const isOwn = (folder: string): boolean =>
  process.getuid === undefined || statSync(folder).uid === process.getuid()

/**
 * A bare repository around the folder, which is named to git: it does not look for one. One inside
 * of a work tree, or of another user, is not used: its configuration may be an attack.
 */
const bareRepository = async (
  folder: string,
  signal: AbortSignal,
  env: NodeJS.ProcessEnv,
): Promise<Repository | null> => {
  const top = bareAround(folder)
  if (top === null || !isOwn(top)) return null
  try {
    await prefixOf(askIn(dirname(top), signal, env))
    return null
  } catch (error) {
    if (error instanceof ToolError || isAbort(error)) throw error
  }
  const ask = askIn(top, signal, env, top)
  const isBare = await ask((git) => git.raw(['rev-parse', '--is-bare-repository']))
  if (isBare.trim() !== 'true') return null
  return { ask, prefix: '', pathOf: (path) => relative(top, path).split(sep).join('/') }
}

/** @throws ToolError where the folder is in no repository. */
export const repositoryOf = async (
  given: string,
  signal: AbortSignal,
  env: NodeJS.ProcessEnv,
): Promise<Repository> => {
  const folder = existingFolder(given)
  const ask = askIn(folder, signal, env)
  try {
    const prefix = await prefixOf(ask)
    const pathOf = (path: string): string =>
      posix.join(prefix, relative(folder, path).split(sep).join('/'))
    return { ask, prefix, pathOf }
  } catch (error) {
    if (error instanceof ToolError || isAbort(error) || !(error instanceof Error)) throw error
    const bare = await bareRepository(folder, signal, env)
    if (bare !== null) return bare
    throw new ToolError(`${folder} is in no git repository: ${firstLine(error)}`, {
      cause: error,
      help: error.message.includes('safe.directory')
        ? `trust it: git config --global --add safe.directory '${folder}'`
        : 'keep the spec in a git repository, or run without --base',
    })
  }
}
