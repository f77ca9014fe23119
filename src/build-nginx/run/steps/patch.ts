import { BuildError, UsageError } from '../../../errors.ts'
import { sha256Hex } from '../../core/digest.ts'
import { type Taint, taintsOf } from '../../core/patches/taint.ts'
import { warning } from '../../core/plan/advice.ts'
import type { BuildPlan } from '../../core/plan/plan.ts'
import type { NamedPatch } from '../../core/request.ts'
import type { Disk } from '../../ports/build.ts'
import { applyAll, type PatchRecord, type PatchText, parsed } from '../apply-patches.ts'
import type { StepTools, StepWork } from '../engine.ts'
import type { Job } from '../job.ts'
import { checkOffers, offersOf } from '../offered-patches.ts'
import { readOwnPatch, readSeries } from '../package-files.ts'
import type { Tree } from './extract.ts'

/** What is to be written into a fresh copy of each tree. */
export interface Patched {
  readonly nginx: Tree
  readonly others: readonly Tree[]
  /** By the name of the input, then by path; null: the file goes. */
  readonly changes: ReadonlyMap<string, ReadonlyMap<string, string | null>>
  readonly patches: readonly PatchRecord[]
  readonly taints: readonly Taint[]
  /** What the patches say, by their sha256. */
  readonly texts: ReadonlyMap<string, string>
}

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

/** A file of a module, and of nothing else: no `..`, and no link, leads out of it. */
const readOfModule = async (tree: Tree, file: string, disk: Disk): Promise<string> => {
  const listed = await disk.list(tree.folder)
  if (!listed.some(({ path, kind }) => path === file && kind === 'file')) {
    throw new UsageError(`the module ${tree.fetched.input.name} has no file ${file}`, {
      help: 'name a patch by its path below the folder of the module',
    })
  }
  return latin1(await disk.read(`${tree.folder}/${file}`))
}

const readNamed = async (
  { module, file, isDiscreet }: NamedPatch,
  trees: readonly Tree[],
  disk: Disk,
): Promise<PatchText> => {
  const tree =
    module === null ? null : trees.find(({ fetched }) => fetched.input.name === `module:${module}`)
  if (tree === undefined) {
    throw new UsageError(`--patch ${module}:${file}: no module with this name is built`, {
      help: `add it: --module ${module}`,
    })
  }
  const text = tree === null ? latin1(await disk.read(file)) : await readOfModule(tree, file, disk)
  const name = module === null ? file : `${module}:${file}`
  return { ...parsed(name, text), text, isDiscreet, isNamed: true }
}

/** Others of the same series or module that would have fitted: the release they are for is known. */
const alternatives = async (
  name: string,
  plan: BuildPlan,
  nginx: Tree,
  trees: readonly Tree[],
  job: Job,
): Promise<readonly string[]> => {
  const [module] = name.split(':')
  const tree = trees.find(({ fetched }) => fetched.input.name === `module:${module}`)
  if (tree !== undefined) {
    const offers = await offersOf(tree, nginx, job.world.disk)
    return offers.filter(({ applies }) => applies).map((offer) => `${module}:${offer.name}`)
  }
  const series = await readSeries(job.world)
  const own = plan.seriesPatches.find(({ file }) => file === name)
  return own === undefined
    ? []
    : series.patches
        .filter(({ kind }) => kind === own.kind)
        .map((patch) => `${patch.file}: nginx ${patch.from} to ${patch.through ?? 'the newest'}`)
}

const adviseTaints = (taints: readonly Taint[], { advise }: StepTools): void => {
  if (taints.length === 0) return
  const structs = taints.map(({ patch, struct, header }) => `${struct} in ${header} (${patch})`)
  advise(
    warning(
      `patches change structs that dynamic modules use: ${structs.join(', ')}`,
      'build every dynamic module of this nginx from these sources: nginx does not detect the difference',
    ),
  )
}

/** Tries every patch in memory; only when all of them fit is there anything to write. */
export const patch =
  (trees: readonly Tree[], plan: BuildPlan, job: Job): StepWork<Patched> =>
  async (tools) => {
    const { disk } = job.world
    const [nginx, ...others] = trees
    if (nginx === undefined) throw new BuildError('there is no nginx to patch')
    const modules = others.filter(({ fetched }) => fetched.input.kind === 'module')
    const changes = new Map<string, ReadonlyMap<string, string | null>>()
    const records: PatchRecord[] = []
    const ofOthers: { readonly text: string }[] = []
    for (const tree of others) {
      if (tree.debianPatches.length === 0) continue
      const own = tree.debianPatches.map(({ name, text }) => ({
        ...parsed(name, text),
        level: 1,
        text,
      }))
      const { run, records: made } = await applyAll(
        own,
        tree,
        plan.release,
        async () => [],
        job,
        tools,
      )
      changes.set(tree.fetched.input.name, run.changes)
      records.push(...made)
      ofOthers.push(...own)
    }
    const patches: PatchText[] = nginx.debianPatches.map(({ name, text }) => ({
      ...parsed(name, text),
      level: 1,
      text,
    }))
    for (const own of plan.seriesPatches)
      patches.push({
        ...(await readOwnPatch(job.world, own)),
        text: latin1(await disk.read(`${job.world.packageFolder}/patches/nginx/${own.file}`)),
      })
    for (const named of job.request.patches) patches.push(await readNamed(named, modules, disk))
    const explain = (name: string) => alternatives(name, plan, nginx, modules, job)
    const {
      run,
      records: made,
      used,
    } = await applyAll(patches, nginx, plan.release, explain, job, tools)
    changes.set('nginx', run.changes)
    records.push(...made)
    const texts = new Map(
      [...patches, ...used, ...ofOthers].map(({ text }) => [
        sha256Hex(Buffer.from(text, 'latin1')),
        text,
      ]),
    )
    const taints = taintsOf(run)
    // The modules of the distribution were built with the patches of the distribution.
    const isOwn = (name: string): boolean => plan.inherited !== null && name.startsWith('debian/')
    adviseTaints(
      taints.filter((taint) => !isOwn(taint.patch)),
      tools,
    )
    await checkOffers(modules, nginx, plan, job, tools)
    return {
      value: { nginx, others, changes, patches: records, taints, texts },
      summary:
        records.length === 0
          ? 'none'
          : `${records.length} ${records.length === 1 ? 'patch applies' : 'patches apply'}, ${run.changes.size} files change`,
      isCached: false,
    }
  }
