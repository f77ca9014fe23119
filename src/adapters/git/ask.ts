import type { SimpleGit } from 'simple-git'
import { ToolError } from '../../errors.ts'
import { gitIn } from './caller.ts'

export type Ask = <Result>(
  question: (git: SimpleGit) => Promise<Result>,
  mostBytes?: number,
) => Promise<Result>

/** Paths of a folder, an id, attributes: what is not the content of a file. */
const usualBytes = 8 * 1024 * 1024

/** What git said, without `fatal:` and in one line. */
export const firstLine = (error: unknown): string =>
  String(error instanceof Error ? error.message : error)
    .replace(/^(fatal|error): /, '')
    .split('\n', 1)[0] ?? ''

const gitMissing = (cause: unknown): ToolError =>
  new ToolError('git is not installed, or is not in PATH', {
    cause,
    help: 'install git, or run without --base',
  })

const tooMuch = (mostBytes: number): ToolError =>
  new ToolError(`git printed more than ${mostBytes / 1024 / 1024} MiB and was stopped`, {
    help: 'the commit has a folder or a file of an unusual size: find it with git ls-tree',
  })

/**
 * Every question goes through here: Ctrl-C ends git, a missing git is a sentence, and a commit can be
 * small and hold files and folders without end.
 * @param gitDir of a bare repository; null: git looks for the repository around the folder.
 */
export const askIn =
  (
    folder: string,
    signal: AbortSignal,
    env: NodeJS.ProcessEnv,
    gitDir: string | null = null,
  ): Ask =>
  async (question, mostBytes = usualBytes) => {
    signal.throwIfAborted()
    const limit = new AbortController()
    const bound = AbortSignal.any([signal, limit.signal])
    try {
      const git = await gitIn(folder, { signal: bound, env, protocols: [], gitDir })
      let length = 0
      git.outputHandler((_, stdout) => {
        stdout.on('data', (part: Buffer) => {
          length += part.length
          if (length > mostBytes) limit.abort(tooMuch(mostBytes))
        })
      })
      return await question(git)
    } catch (error) {
      signal.throwIfAborted()
      limit.signal.throwIfAborted()
      throw /\bspawn git ENOENT\b/.test(firstLine(error)) ? gitMissing(error) : error
    }
  }
