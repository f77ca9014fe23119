import { dryRun, type ToApply } from '../core/patches/dry-run.ts'
import { parsePatch } from '../core/patches/parse.ts'
import { isProblem } from '../core/patches/patch.ts'
import { note } from '../core/plan/advice.ts'
import type { Disk } from '../ports/build.ts'
import type { StepTools } from './engine.ts'
import type { Job } from './job.ts'
import type { Tree } from './steps/extract.ts'

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

/** The files that the patches may mean, at any level: read once, before anything is decided. */
export const readTargets = async (patches: readonly ToApply[], folder: string, disk: Disk) => {
  const texts = new Map<string, string>()
  const names = patches.flatMap(({ patch }) =>
    patch.files.flatMap(({ oldPath, newPath }) => [oldPath, newPath]),
  )
  const candidates = names.flatMap((path) => {
    const parts = path?.split('/') ?? []
    return parts.map((_, index) => parts.slice(index).join('/'))
  })
  for (const path of new Set(candidates)) {
    if (path === '' || path.split('/').includes('..')) continue
    if ((await disk.kind(`${folder}/${path}`)) !== 'file') continue
    texts.set(path, latin1(await disk.read(`${folder}/${path}`)))
  }
  return (path: string): string | null => texts.get(path) ?? null
}

const isPatchFile = (path: string): boolean =>
  /\.(patch|diff)$/.test(path) && !/(^|\/)(t|tests?|util)\//.test(path)

interface Offer {
  readonly name: string
  readonly applies: boolean
  readonly level: number | null
}

/** The patches for nginx that a module brings, and which of them fit this nginx. */
export const offersOf = async (
  module: Tree,
  nginx: Tree,
  disk: Disk,
): Promise<readonly Offer[]> => {
  const offers: Offer[] = []
  for (const { path, kind } of await disk.list(module.folder)) {
    if (kind !== 'file' || !isPatchFile(path)) continue
    const patch = parsePatch(path, latin1(await disk.read(`${module.folder}/${path}`)))
    if (isProblem(patch)) continue
    const toApply = { patch, level: null }
    const { results, isClean } = dryRun([toApply], await readTargets([toApply], nginx.folder, disk))
    offers.push({ name: path, applies: isClean, level: results[0]?.level ?? null })
  }
  return offers
}

const offerText = ({ name, applies, level }: Offer): string =>
  `${name} (${level === null ? 'for other files' : `-p${level}, ${applies ? 'applies' : 'does not apply'}`})`

/** Says which patches a module has, when none of them is taken. */
export const adviseOffers = async (
  trees: readonly Tree[],
  nginx: Tree,
  job: Job,
  { advise }: StepTools,
): Promise<void> => {
  for (const tree of trees) {
    const name = tree.fetched.input.name.replace(/^module:/, '')
    const isTaken = job.request.patches.some(({ module }) => module === name)
    if (tree.fetched.input.source.kind === 'bundled' || isTaken) continue
    const offers = await offersOf(tree, nginx, job.world.disk)
    if (offers.length === 0) continue
    const fitting = offers.find(({ applies }) => applies)
    advise(
      note(
        `${name} has patches for nginx: ${offers.map(offerText).join(', ')}`,
        fitting === undefined
          ? 'none of them applies to this release'
          : `if its documentation requires one, add --patch ${name}:${fitting.name}`,
      ),
    )
  }
}
