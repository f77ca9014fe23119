import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { SimpleGit } from 'simple-git'
import { BuildError, ToolError } from '../../errors.ts'
import type { Repositories } from '../../ports/build.ts'
import { gitIn } from '../git/caller.ts'

/** What git said, in one line. */
const reasonOf = (error: unknown): string => {
  const text = error instanceof Error ? error.message : String(error)
  const line = text.split('\n').find((one) => /^(fatal|error|remote):/.test(one)) ?? text
  return line.replace(/^(fatal|error|remote): /, '').split('\n', 1)[0] ?? ''
}

const fetchRef = async (git: SimpleGit, url: string, ref: string): Promise<void> => {
  try {
    await git.raw(['fetch', '--quiet', '--depth=1', '--no-tags', '--', url, ref])
  } catch {
    // Not every server gives a commit by its id: then all of it comes, and the commit is looked up.
    await git.raw(['fetch', '--quiet', '--tags', '--', url, '+refs/heads/*:refs/remotes/origin/*'])
    await git.raw(['update-ref', 'FETCH_HEAD', `${ref}^{commit}`])
  }
}

/** The git of this host. */
export const repositoriesOnHost = (
  signal: AbortSignal,
  env: Readonly<Record<string, string | undefined>>,
): Repositories => ({
  checkOut: async (url, ref, folder) => {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const git = await gitIn(folder, { signal, env, protocols: ['https', 'ssh', 'file'] })
    try {
      await git.raw(['init', '--quiet'])
      await fetchRef(git, url, ref)
      const commit = (await git.raw(['rev-parse', '--verify', 'FETCH_HEAD^{commit}'])).trim()
      const tree = (await git.raw(['rev-parse', '--verify', `${commit}^{tree}`])).trim()
      await git.raw(['checkout', '--quiet', '--force', commit])
      await git.raw(['submodule', '--quiet', 'update', '--init', '--recursive'])
      rmSync(join(folder, '.git'), { recursive: true, force: true })
      return { commit, tree }
    } catch (error) {
      signal.throwIfAborted()
      const reason = reasonOf(error)
      if (/spawn git ENOENT/.test(reason))
        throw new ToolError('git is not installed, or not on the PATH', {
          cause: error,
          help: 'install git, or name a folder or a tarball',
        })
      throw new BuildError(`git cannot bring ${ref} of ${url}: ${reason}`, {
        cause: error,
        help: 'check the address, and that the tag or commit is there: git ls-remote',
      })
    }
  },
})
