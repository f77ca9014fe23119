import { BuildError } from '../../../errors.ts'
import type { LockedInput, Proof } from '../../core/lock/lock.ts'
import type { BuildPlan } from '../../core/plan/plan.ts'
import type { Disk } from '../../ports/build.ts'
import { checkTree } from '../check-tree.ts'
import type { StepTools, StepWork } from '../engine.ts'
import type { Job } from '../job.ts'
import { checkModule } from '../module-config.ts'
import { opensslOfTree, releaseOfTree } from '../release.ts'
import type { Fetched } from '../sources/fetched.ts'
import { sourceFiles, type Wanted, wantedOf } from '../trees.ts'
import type { Verified } from './verify.ts'

/** A verified source as files, which nobody changes any more. */
export interface Tree {
  readonly fetched: Fetched
  readonly locked: LockedInput
  readonly own: Proof
  readonly folder: string
  /** Names its contents. */
  readonly digest: string
  /** Debian's own patches, in their order. */
  readonly debianPatches: readonly { readonly name: string; readonly text: string }[]
  readonly isNew: boolean
}

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

const patchesIn = async (folder: string, disk: Disk): Promise<Tree['debianPatches']> => {
  const series = latin1((await disk.readIfThere(`${folder}/patches/series`)) ?? new Uint8Array())
  const names = series
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim().split(/\s+/)[0] ?? '')
  const patches: { name: string; text: string }[] = []
  for (const name of names.filter((one) => one !== '' && !one.includes('..')))
    patches.push({
      name: `debian/patches/${name}`,
      text: latin1(await disk.read(`${folder}/patches/${name}`)),
    })
  return patches
}

/** `debian/patches` of a source package in the 3.0 (quilt) form, or the one diff of an older one. */
const debianPatches = async (
  { debian }: Fetched,
  digest: string,
  job: Job,
): Promise<Tree['debianPatches']> => {
  const changes = debian?.changes ?? null
  if (changes === null) return []
  const { archives, disk } = job.world
  const expanded = await archives.expand(changes)
  if (!/\0ustar/.test(latin1(expanded.subarray(0, 512))))
    return [{ name: `${debian?.name} ${debian?.version}`, text: latin1(expanded) }]
  const folder = job.cache.incoming(`debian-${digest}`)
  // Another run may read the same.
  return disk.exclusively(`${folder}.lock`, async () => {
    try {
      // What Debian only packages has no patches.
      if (!(await archives.extract(changes, folder, { only: 'debian/patches/' }))) return []
      return await patchesIn(folder, disk)
    } finally {
      await disk.remove(folder)
    }
  })
}

const copyFolder = async (
  from: string,
  to: string,
  isWanted: Wanted,
  { cache, world: { disk } }: Job,
): Promise<void> => {
  const stage = cache.incoming(`tree-${to.slice(to.lastIndexOf('/') + 1)}`)
  await disk.remove(stage)
  await disk.makeFolder(stage)
  for (const { path } of await sourceFiles(from, disk, isWanted))
    await disk.copy(`${from}/${path}`, `${stage}/${path}`)
  await disk.move(stage, to)
}

const extractOne = async (
  { fetched, locked, own }: Verified,
  job: Job,
  tools: StepTools,
): Promise<Tree> => {
  const { content } = fetched
  const digest = locked.sha256
  const folder = job.cache.tree(digest)
  const { archives, disk } = job.world
  const isNew = await disk.exclusively(`${folder}.lock`, async () => {
    const isThere = (await disk.kind(folder)) === 'folder'
    if (!isThere) {
      tools.progress(fetched.input.name, 0, null)
      if (content.kind === 'archive')
        await archives.extract(content.path, folder, { sha256: content.sha256 })
      else await copyFolder(content.path, folder, wantedOf(fetched), job)
    }
    // An archive was hashed again while it was unpacked.
    if (isThere || content.kind === 'folder') await checkTree(fetched, digest, job)
    return !isThere
  })
  const common = { fetched, locked, own, folder, digest, isNew }
  return { ...common, debianPatches: await debianPatches(fetched, digest, job) }
}

const checkNginx = async ({ folder, fetched }: Tree, plan: BuildPlan, job: Job): Promise<void> => {
  const release = await releaseOfTree(folder, job.world.disk)
  if (release === null) {
    throw new BuildError(
      `${fetched.from} is not an nginx source: src/core/nginx.h has no version`,
      {
        help: 'use a release from nginx.org/en/download.html, or a clone of the nginx repository',
      },
    )
  }
  if (release !== plan.release) {
    throw new BuildError(`${fetched.from} is nginx ${release}, not ${plan.release}`, {
      help: `build that release: sessctl build-nginx ${release}`,
    })
  }
}

/** The signers of a project sign all its releases: an old one has a good signature, too. */
const checkOpenssl = async ({ folder, fetched }: Tree, job: Job): Promise<void> => {
  const { source } = fetched.input
  if (source.kind !== 'release') return
  const release = await opensslOfTree(folder, job.world.disk)
  if (release === source.version) return
  throw new BuildError(
    `${fetched.from} is ${release === null ? 'not an OpenSSL source' : `OpenSSL ${release}`}, not OpenSSL ${source.version}`,
    { help: 'use another source and report the mirror: it has a different file under this name' },
  )
}

/** Sources as files: each once, whole, and of the kind that was asked for. */
export const extract =
  (verified: readonly Verified[], plan: BuildPlan, job: Job): StepWork<readonly Tree[]> =>
  async (tools) => {
    const trees: Tree[] = []
    for (const one of verified) {
      const tree = await extractOne(one, job, tools)
      if (tree.fetched.input.kind === 'nginx') await checkNginx(tree, plan, job)
      if (tree.fetched.input.kind === 'openssl') await checkOpenssl(tree, job)
      if (tree.fetched.input.kind === 'module')
        await checkModule(tree, plan.linkage, job.world.disk, tools)
      trees.push(tree)
    }
    const fresh = trees.filter(({ isNew }) => isNew).length
    return {
      value: trees,
      summary: `${trees.length} ${trees.length === 1 ? 'tree' : 'trees'}, ${fresh} of them new`,
      isCached: fresh === 0,
    }
  }
