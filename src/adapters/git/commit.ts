import { basename, dirname, join, posix, resolve } from 'node:path'
import { collectConfigFiles } from '../../core/config/collect.ts'
import { ToolError, UsageError } from '../../errors.ts'
import type { Commit, Git } from '../../ports.ts'
import { mostConfBytes } from '../conf-folder.ts'
import { contextXmlPath, fromBytes, webXmlPath } from '../webapp/read.ts'
import { type Ask, firstLine } from './ask.ts'
import { confPaths, namesIn } from './conf-paths.ts'
import { isAbort, repositoryOf } from './repository.ts'
import { workingTreeForm } from './working-tree-form.ts'

const mebibyte = 1024 * 1024
/** As on disk (read-regular.ts). */
const mostFileBytes = 8 * mebibyte
/** A war of a commit is unpacked as a whole into memory. */
const mostWebappBytes = 128 * mebibyte

const isTrue = async (ask: Ask, question: readonly string[]): Promise<boolean> =>
  (await ask((git) => git.raw([...question]))).trim() === 'true'

const unknownRevision = async (ask: Ask, revision: string): Promise<UsageError> => {
  const anyCommit = await ask((git) => git.raw(['rev-list', '--all', '--max-count=1']))
  if (anyCommit.trim() === '') {
    return new UsageError('the repository has no commit yet', {
      help: 'commit the spec first, or run without --base',
    })
  }
  return new UsageError(`the repository has no revision "${revision}"`, {
    help: (await isTrue(ask, ['rev-parse', '--is-shallow-repository']))
      ? 'this clone is shallow: get more of its history with git fetch --deepen=100, or all of it with git fetch --unshallow; in CI, set fetch-depth: 0 (GitHub) or GIT_DEPTH: 0 (GitLab)'
      : 'fetch from the remote with git fetch; list the branches with git branch --all',
  })
}

/** Control characters and a leading dash are in no name that git accepts. */
const isRevision = (revision: string): boolean => /^[^-\p{Cc}][^\p{Cc}]*$/u.test(revision)

const commitId = async (ask: Ask, revision: string): Promise<string> => {
  if (!isRevision(revision)) {
    throw new UsageError('the revision is empty or invalid', {
      help: 'set a branch, a tag or a commit',
    })
  }
  // Without a match git is silent, and so is the library.
  const id = await ask((git) =>
    git.raw(['rev-parse', '--verify', '--quiet', `${revision}^{commit}`]),
  ).catch((error: unknown) => {
    if (error instanceof ToolError || isAbort(error)) throw error
    return ''
  })
  // A range has two ids.
  if (!/^[0-9a-f]{40,64}\n$/.test(id)) throw await unknownRevision(ask, revision)
  return id.trim()
}

/**
 * The name that a file had before it was renamed, as git recognises it; null: it was not. Trees are
 * compared, in which no filter is run.
 */
const nameBefore = async (
  ask: Ask,
  id: string,
  later: string,
  path: string,
): Promise<string | null> => {
  const compare = ['diff-tree', '-r', '-z', '--find-renames', '--diff-filter=R', '--name-status']
  const words = (await ask((git) => git.raw([...compare, id, later]))).split('\0')
  for (let at = 0; at + 2 < words.length; at += 3)
    if (words[at + 2] === path) return words[at + 1] ?? null
  return null
}

/** A link leads to another path of the same commit; chains of them are short. */
const linkLimit = 16

/** A blob with the line ends and the encoding that the work tree would have; no filter is run. */
const checkedOut = async (
  ask: Ask,
  blob: Uint8Array,
  pathFromFolder: string,
): Promise<Uint8Array> => {
  const names = ['text', 'crlf', 'eol', 'working-tree-encoding'] as const
  const said = await ask((git) => git.raw(['check-attr', '-z', ...names, '--', pathFromFolder]))
  const words = said.split('\0')
  const attribute = (name: (typeof names)[number]): string =>
    words[3 * names.indexOf(name) + 2] ?? ''
  const pattern = '^core\\.(autocrlf|eol)$'
  const settings = new Map(
    (await ask((git) => git.raw(['config', '-z', '--get-regexp', pattern])))
      .split('\0')
      .map((line) => [line.split('\n', 1)[0] ?? '', line.split('\n')[1]?.trim() || null] as const),
  )
  const encoding = attribute('working-tree-encoding')
  const bytes = workingTreeForm(blob, {
    text: attribute('text'),
    crlf: attribute('crlf'),
    eol: attribute('eol'),
    encoding,
    autocrlf: settings.get('core.autocrlf') ?? null,
    coreEol: settings.get('core.eol') ?? null,
    isWindows: process.platform === 'win32',
  })
  if (bytes !== null) return bytes
  throw new Error(`working-tree-encoding ${encoding} is not supported`)
}

/**
 * @param path in the repository.
 * @param prefix where in it git is asked.
 */
const readBlob = async (
  ask: Ask,
  id: string,
  path: string,
  prefix: string,
  mostBytes: number,
): Promise<Uint8Array | null> => {
  let at = path
  for (let hops = 0; hops < linkLimit; hops++) {
    const entry = await ask((git) => git.raw(['ls-tree', '-z', '-l', '--full-tree', id, '--', at]))
    const [mode, type, , size] = entry.split(/[ \t]+/, 4)
    if (type !== 'blob') return null
    if (Number(size) > mostBytes) throw new Error(`it is larger than ${mostBytes / mebibyte} MiB`)
    const bytes = await ask((git) => git.binaryCatFile(['blob', `${id}:${at}`]), mostBytes)
    if (mode !== '120000') return checkedOut(ask, bytes, posix.relative(prefix, at))
    at = posix.join(dirname(at), new TextDecoder().decode(bytes))
    if (at.startsWith('../') || at.startsWith('/')) return null
  }
  return null
}

/** The git of this host, through its own commands; it only ever reads. */
export const gitOnHost = (signal: AbortSignal, env: NodeJS.ProcessEnv): Git => ({
  commit: async (folder, revision): Promise<Commit> => {
    const { ask, prefix, pathOf: inRepository } = await repositoryOf(folder, signal, env)
    const id = await commitId(ask, revision)
    const readUpTo = async (path: string, mostBytes: number): Promise<Uint8Array | null> => {
      try {
        return await readBlob(ask, id, inRepository(path), prefix, mostBytes)
      } catch (error) {
        if (error instanceof ToolError || signal.aborted) throw error
        throw new ToolError(`git cannot read ${path} in ${revision}: ${firstLine(error)}`, {
          cause: error,
        })
      }
    }
    const read = (path: string) => readUpTo(path, mostFileBytes)
    return {
      id,
      holds: (path) => !inRepository(path).startsWith('../'),
      read,
      nameBefore: async (path, later) => {
        const now = inRepository(path)
        const before = await nameBefore(ask, id, later, now)
        return before === null ? null : join(path, posix.relative(now, before))
      },
      readConf: async (folder) => {
        const files: [string, Uint8Array][] = []
        for (const path of await confPaths(ask, id, inRepository(folder))) {
          const bytes = await readUpTo(join(folder, path), mostConfBytes)
          if (bytes !== null) files.push([path, bytes])
        }
        return { form: 'conf', files: new Map(files) }
      },
      readConfig: async (path, language) => {
        const folder = dirname(path)
        const files = await collectConfigFiles(basename(path), language, {
          read: async (name) => {
            const place = resolve(folder, name)
            return inRepository(place).startsWith('../') ? null : readUpTo(place, mostConfBytes)
          },
          list: (below) => namesIn(ask, id, inRepository(resolve(folder, below))),
        })
        return files && { form: 'config', main: basename(path), files }
      },
      readWebapp: async (path) => {
        const file = await readUpTo(path, mostWebappBytes)
        if (file !== null) return fromBytes(path, file)
        const webXml = await read(join(path, webXmlPath))
        const contextXml = await read(join(path, contextXmlPath))
        if (webXml === null && contextXml === null) return null
        return { form: 'folder', webXml, ...(contextXml === null ? {} : { contextXml }) }
      },
    }
  },
})
