import { dirname, join, posix, relative, sep } from 'node:path'
import type { SimpleGit } from 'simple-git'
import { ToolError, UsageError } from '../../errors.ts'
import type { Commit, Git } from '../../ports.ts'
import { isConfFile } from '../conf-folder.ts'
import { contextXmlPath, fromBytes, webXmlPath } from '../webapp/read.ts'
import { gitIn } from './caller.ts'
import { workingTreeForm } from './working-tree-form.ts'

type Ask = <Result>(question: (git: SimpleGit) => Promise<Result>) => Promise<Result>

/** What git said, without `fatal:` and in one line. */
const firstLine = (error: unknown): string =>
  String(error instanceof Error ? error.message : error)
    .replace(/^(fatal|error): /, '')
    .split('\n', 1)[0] ?? ''

const gitMissing = (cause: unknown): ToolError =>
  new ToolError('git is not installed, or not on the PATH', {
    cause,
    help: 'install git, or leave --base out',
  })

/** Every question goes through here: Ctrl-C ends git, a missing git is a sentence. */
const askIn =
  (folder: string, signal: AbortSignal, env: NodeJS.ProcessEnv): Ask =>
  async (question) => {
    signal.throwIfAborted()
    try {
      return await question(await gitIn(folder, { signal, env, protocols: [] }))
    } catch (error) {
      signal.throwIfAborted()
      throw /\bspawn git ENOENT\b/.test(firstLine(error)) ? gitMissing(error) : error
    }
  }

/** Thrown by the question itself once a signal has come. */
const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError'

/** Where the folder lies below the top of its work tree: empty, or with `/` at its end. */
const prefixOf = async (ask: Ask, folder: string): Promise<string> => {
  try {
    const answer = await ask((git) =>
      git.raw(['rev-parse', '--is-inside-work-tree', '--show-prefix']),
    )
    const [isInside, ...prefix] = answer.replace(/\n$/, '').split('\n')
    if (isInside === 'true') return prefix.join('\n')
    throw new Error('this operation must be run in a work tree')
  } catch (error) {
    if (error instanceof ToolError || isAbort(error) || !(error instanceof Error)) throw error
    throw new ToolError(`--base: git finds no repository for ${folder}: ${firstLine(error)}`, {
      cause: error,
      help: error.message.includes('safe.directory')
        ? `trust it: git config --global --add safe.directory '${folder}'`
        : 'keep the spec in a git repository, or leave --base out',
    })
  }
}

const isTrue = async (ask: Ask, question: readonly string[]): Promise<boolean> =>
  (await ask((git) => git.raw([...question]))).trim() === 'true'

const unknownRevision = async (ask: Ask, revision: string): Promise<UsageError> => {
  const anyCommit = await ask((git) => git.raw(['rev-list', '--all', '--max-count=1']))
  if (anyCommit.trim() === '') {
    return new UsageError(`--base ${revision}: the repository has no commit yet`, {
      help: 'commit the spec first, or leave --base out',
    })
  }
  return new UsageError(`--base ${revision}: the repository has no such revision`, {
    help: (await isTrue(ask, ['rev-parse', '--is-shallow-repository']))
      ? 'this clone is shallow: git fetch --unshallow brings in the rest'
      : 'git fetch brings in what a remote has, git branch --all lists the branches',
  })
}

/** Control characters and a leading dash are in no name that git accepts. */
const isRevision = (revision: string): boolean => /^[^-\p{Cc}][^\p{Cc}]*$/u.test(revision)

const commitId = async (ask: Ask, revision: string): Promise<string> => {
  if (!isRevision(revision)) {
    throw new UsageError('--base is no revision', { help: 'name a branch, a tag or a commit' })
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
  const setting = async (name: string): Promise<string | null> =>
    (await ask((git) => git.raw(['config', '--get', name]))).trim() || null
  const encoding = attribute('working-tree-encoding')
  const bytes = workingTreeForm(blob, {
    text: attribute('text'),
    crlf: attribute('crlf'),
    eol: attribute('eol'),
    encoding,
    autocrlf: await setting('core.autocrlf'),
    coreEol: await setting('core.eol'),
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
): Promise<Uint8Array | null> => {
  let at = path
  for (let hops = 0; hops < linkLimit; hops++) {
    const entry = await ask((git) => git.raw(['ls-tree', '-z', '--full-tree', id, '--', at]))
    const [mode, type] = entry.split(/[ \t]/, 2)
    if (type !== 'blob') return null
    const bytes = await ask((git) => git.binaryCatFile(['blob', `${id}:${at}`]))
    if (mode !== '120000') return checkedOut(ask, bytes, posix.relative(prefix, at))
    at = posix.join(dirname(at), new TextDecoder().decode(bytes))
    if (at.startsWith('../') || at.startsWith('/')) return null
  }
  return null
}

/** The git of this host, through its own commands; it only ever reads. */
export const gitOnHost = (signal: AbortSignal, env: NodeJS.ProcessEnv): Git => ({
  commit: async (folder, revision): Promise<Commit> => {
    const ask = askIn(folder, signal, env)
    const prefix = await prefixOf(ask, folder)
    const id = await commitId(ask, revision)
    const inRepository = (path: string): string =>
      posix.join(prefix, relative(folder, path).split(sep).join('/'))
    const read = async (path: string): Promise<Uint8Array | null> => {
      try {
        return await readBlob(ask, id, inRepository(path), prefix)
      } catch (error) {
        if (error instanceof ToolError || signal.aborted) throw error
        throw new ToolError(`git cannot read ${path} in ${revision}: ${firstLine(error)}`, {
          cause: error,
        })
      }
    }
    return {
      id,
      holds: (path) => !inRepository(path).startsWith('../'),
      read,
      readConf: async (folder) => {
        const top = inRepository(folder)
        const args = ['ls-tree', '-r', '-z', '--full-tree', '--name-only', id]
        const listed = await ask((git) => git.raw(top === '.' ? args : [...args, '--', `${top}/`]))
        const paths = listed.split('\0').map((path) => posix.relative(top, path))
        const files: [string, Uint8Array][] = []
        for (const path of paths.filter(isConfFile)) {
          const bytes = await read(join(folder, path))
          if (bytes !== null) files.push([path, bytes])
        }
        return { form: 'conf', files: new Map(files) }
      },
      readWebapp: async (path) => {
        const file = await read(path)
        if (file !== null) return fromBytes(path, file)
        const webXml = await read(join(path, webXmlPath))
        const contextXml = await read(join(path, contextXmlPath))
        if (webXml === null && contextXml === null) return null
        return { form: 'folder', webXml, ...(contextXml === null ? {} : { contextXml }) }
      },
    }
  },
})
