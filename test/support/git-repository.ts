import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** No settings of the person or the host that runs the tests, and a name of its own. */
export const gitEnvironment: Readonly<Record<string, string>> = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_AUTHOR_NAME: 'Tester',
  GIT_AUTHOR_EMAIL: 'tester@example.com',
  GIT_AUTHOR_DATE: '2026-01-01T00:00:00Z',
  GIT_COMMITTER_NAME: 'Tester',
  GIT_COMMITTER_EMAIL: 'tester@example.com',
  GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z',
}

export interface GitRepository {
  readonly path: string
  readonly git: (...args: readonly string[]) => string
  /** Puts files into the work tree; null removes one. */
  readonly write: (files: Readonly<Record<string, string | Uint8Array | null>>) => void
  /** Commits the whole work tree. @returns the id. */
  readonly commit: () => string
}

/** A folder that is a repository already. */
export const repositoryAt = (path: string): GitRepository => {
  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, {
      cwd: path,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], HOME: path, LC_ALL: 'C', ...gitEnvironment },
    })
  return {
    path,
    git,
    write: (files) => {
      for (const [name, content] of Object.entries(files)) {
        const file = join(path, name)
        mkdirSync(dirname(file), { recursive: true })
        if (content === null) rmSync(file)
        else writeFileSync(file, content)
      }
    },
    commit: () => {
      git('add', '--all')
      git('commit', '--quiet', '--allow-empty', '--message', 'a change')
      return git('rev-parse', 'HEAD').trim()
    },
  }
}

/** A new repository in an empty folder. */
export const newRepository = (path: string): GitRepository => {
  const repository = repositoryAt(path)
  repository.git('init', '--quiet', '--initial-branch=main')
  return repository
}
