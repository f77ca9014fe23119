import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { SimpleGit } from 'simple-git'
import { gitIn } from '../../adapters/git/caller.ts'
import { BuildError, ToolError } from '../../errors.ts'
import type { Repositories, Tracked } from '../ports/build.ts'

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

/**
 * A server gives any commit by its id, also one that somebody pushed to a fork of the repository: a
 * locked commit counts when it is what the tag or branch is, or was.
 */
const checkLocked = async (git: SimpleGit, url: string, ref: string, locked: string) => {
  const head = (await git.raw(['rev-parse', '--verify', 'FETCH_HEAD^{commit}'])).trim()
  if (head === locked) return
  // All of its history: what was fetched before is the last commit alone.
  await git.raw(['fetch', '--quiet', '--depth=2147483647', '--no-tags', '--', url, ref])
  const base = await git.raw(['merge-base', locked, head]).catch(() => '')
  if (base.trim() === locked) return
  throw new BuildError(`the commit ${locked} in nginx.lock is not part of ${ref} of ${url}`, {
    help: `find out who changed nginx.lock, or whether ${ref} was replaced; --update accepts its present commit`,
  })
}

const namesIn = (listed: string): readonly string[] =>
  listed.split('\0').filter((name) => name !== '')

/** `160000 COMMIT STAGE<TAB>PATH`: a submodule. */
const submodule = /^160000 \S+ \d\t/

/** Reads the index and the names of files only: no hook, filter or monitor of the repository runs. */
const trackedIn = async (
  folder: string,
  call: (folder: string) => Promise<SimpleGit>,
): Promise<Tracked> => {
  const git = await call(folder)
  const entries = namesIn(await git.raw(['ls-files', '-z', '--stage', '--', '.']))
  const pathOf = (entry: string): string => entry.slice(entry.indexOf('\t') + 1)
  const others = [
    ...namesIn(await git.raw(['ls-files', '-z', '--others', '--exclude-standard', '--', '.'])),
  ]
  const files = entries.filter((entry) => !submodule.test(entry)).map(pathOf)
  for (const path of entries.filter((entry) => submodule.test(entry)).map(pathOf)) {
    // Without it, git would list the outer repository again.
    if (!existsSync(join(folder, path, '.git'))) continue
    const inner = await trackedIn(join(folder, path), call)
    files.push(...inner.files.map((name) => `${path}/${name}`))
    others.push(...inner.others.map((name) => `${path}/${name}`))
  }
  return { files, others }
}

/** As many protocols as the address needs, for its submodules too: no web page names files of this host. */
export const protocolsOf = (url: string): readonly ('https' | 'ssh' | 'file')[] => {
  if (url.startsWith('https://')) return ['https']
  return url.startsWith('file://') ? ['https', 'ssh', 'file'] : ['https', 'ssh']
}

/** The git of this host. */
export const repositoriesOnHost = (
  signal: AbortSignal,
  env: Readonly<Record<string, string | undefined>>,
): Repositories => ({
  tracked: async (folder) => {
    try {
      const found = await trackedIn(folder, (at) => gitIn(at, { signal, env, protocols: [] }))
      return found.files.length === 0 ? null : found
    } catch {
      signal.throwIfAborted()
      return null
    }
  },
  checkOut: async (url, ref, folder, locked = null) => {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const git = await gitIn(folder, { signal, env, protocols: protocolsOf(url) })
    try {
      await git.raw(['init', '--quiet'])
      await fetchRef(git, url, ref)
      if (locked !== null) await checkLocked(git, url, ref, locked)
      const wanted = locked ?? 'FETCH_HEAD'
      const commit = (await git.raw(['rev-parse', '--verify', `${wanted}^{commit}`])).trim()
      const tree = (await git.raw(['rev-parse', '--verify', `${commit}^{tree}`])).trim()
      await git.raw(['checkout', '--quiet', '--force', commit])
      await git.raw(['submodule', '--quiet', 'update', '--init', '--recursive'])
      rmSync(join(folder, '.git'), { recursive: true, force: true })
      return { commit, tree }
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof BuildError) throw error
      const reason = reasonOf(error)
      if (/spawn git ENOENT/.test(reason))
        throw new ToolError('git is not installed, or is not in PATH', {
          cause: error,
          help: 'install git, or use a folder or a tarball',
        })
      throw new BuildError(`git cannot fetch ${ref} of ${url}: ${reason}`, {
        cause: error,
        help: 'check the URL and the tag or commit with git ls-remote',
      })
    }
  },
})
