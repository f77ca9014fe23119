import { relative } from 'node:path'
import { BuildError, UsageError } from '../../../errors.ts'
import { sha256Hex, valueDigest } from '../../core/digest.ts'
import { warning } from '../../core/plan/advice.ts'
import type { Input } from '../../core/plan/plan.ts'
import { type Source, sourceText } from '../../core/sources/source.ts'
import type { StepTools } from '../engine.ts'
import type { Job } from '../job.ts'
import { ownModuleFolder } from '../package-files.ts'
import { contentDigest } from '../trees.ts'
import type { Fetched } from './fetched.ts'
import { isKept, readKept } from './kept.ts'
import { mostSignatureBytes } from './release.ts'

const plain = { signature: null, expected: null, checkout: null, debian: null, isNew: false }

const mostNames = 3

/** A module is what git tracks of its folder, whatever the names: `objs/` of NDK belongs to it. */
const trackedFiles = async (
  path: string,
  from: string,
  { world: { repositories } }: Job,
  { advise }: StepTools,
): Promise<readonly string[] | null> => {
  const tracked = await repositories.tracked(path)
  if (tracked === null) return null
  const { files, others } = tracked
  if (others.length > 0) {
    const more = others.length > mostNames ? ', …' : ''
    advise(
      warning(
        `${from}: files that git does not track are not built: ${others.slice(0, mostNames).join(', ')}${more}`,
        'add them (git add), or build from a copy of the folder without .git',
      ),
    )
  }
  return files
}

/** A folder or a tarball of this host, with the signature that stands beside it. */
export const fetchLocal = async (
  input: Input,
  path: string,
  job: Job,
  tools: StepTools,
): Promise<Fetched> => {
  const { disk } = job.world
  // As others with the same checkout would name it: it stands in nginx.lock.
  const from = relative(job.context.cwd, path) || '.'
  const kind = await disk.kind(path)
  if (kind === 'folder') {
    const files = input.kind === 'module' ? await trackedFiles(path, from, job, tools) : null
    return { ...plain, input, from, content: { kind, path, files } }
  }
  if (kind !== 'file') {
    throw new UsageError(`${from} is neither a folder nor a tarball`, {
      help: `set ${input.name} to an existing folder or tarball`,
    })
  }
  const bytes = await disk.read(path)
  const armored = await disk.readIfThere(`${path}.asc`, mostSignatureBytes)
  const signature = armored === null ? null : new TextDecoder().decode(armored)
  return {
    ...plain,
    input,
    from,
    content: { kind: 'archive', path, sha256: sha256Hex(bytes) },
    signature,
  }
}

export const fetchBundled = async (input: Input, job: Job): Promise<Fetched> => ({
  ...plain,
  input,
  from: 'sessctl',
  content: { kind: 'folder', path: ownModuleFolder(job.world), files: null },
})

/** A tag, a branch or a commit of a repository, as plain files. */
export const fetchGit = async (
  input: Input,
  source: Source & { readonly kind: 'git' },
  job: Job,
): Promise<Fetched> => {
  const { disk, repositories } = job.world
  const from = sourceText(source)
  const locked = job.lock?.inputs[input.name]
  const isLocked = locked?.from === from && locked.commit !== undefined && !job.request.isUpdate
  // A branch moves on, and a tag can be moved: the lock has what it was.
  const commitId = isLocked ? (locked.commit ?? null) : null
  const ref = commitId ?? source.ref
  const kept = job.cache.checkout(valueDigest([source.url, ref]))
  const isWhole = /^[0-9a-f]{40,64}$/.test(ref) && (await isKept(kept, disk))
  const folder = `${kept}/files`
  const result = (commit: string, tree: string, isNew: boolean): Fetched => ({
    ...plain,
    input,
    from,
    // A module is built where it is in its repository: its config may name files above its folder.
    content: {
      kind: 'folder',
      path: source.folder === '' || input.kind === 'module' ? folder : `${folder}/${source.folder}`,
      files: null,
    },
    checkout: { commit, tree },
    isNew,
  })
  if (isWhole) {
    const [commit = '', tree = ''] = await readKept(kept, from, job)
    return result(commit, tree, false)
  }
  if (job.request.isOffline) {
    throw new BuildError(`${from} is not in the cache, and --offline prevents downloads`, {
      help: 'build once without --offline, with a full commit id',
    })
  }
  await disk.remove(kept)
  const into = `${kept}/new`
  const { commit, tree } = await repositories.checkOut(source.url, source.ref, into, commitId)
  const digest = await contentDigest(`${kept}/new`, disk)
  await disk.write(`${kept}/checkout`, `${commit} ${tree} ${digest}`)
  await disk.move(`${kept}/new`, folder)
  return result(commit, tree, true)
}
