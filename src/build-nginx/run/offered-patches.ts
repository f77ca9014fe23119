import { atLeast, parseVersion } from '../../core/model/version.ts'
import { BuildError } from '../../errors.ts'
import { dryRun, type ToApply } from '../core/patches/dry-run.ts'
import { parsePatch } from '../core/patches/parse.ts'
import { isProblem } from '../core/patches/patch.ts'
import { rebase } from '../core/patches/rebase.ts'
import { type Advice, error, note, warning } from '../core/plan/advice.ts'
import type { BuildPlan } from '../core/plan/plan.ts'
import { knownModule } from '../core/sources/known/index.ts'
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
  /** With which it would apply; null when it applies, or not even so. */
  readonly fuzz: number | null
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
    const read = await readTargets([toApply], nginx.folder, disk)
    const { results, isClean } = dryRun([toApply], read)
    const level = results[0]?.level ?? null
    const fuzz = isClean || level === null ? null : (rebase(patch, level, read)?.fuzz ?? null)
    offers.push({ name: path, applies: isClean, level, fuzz })
  }
  return offers
}

const offerText = ({ name, applies, level, fuzz }: Offer): string => {
  if (level === null) return `${name} (for other files)`
  const how = applies ? 'applies' : fuzz === null ? 'does not apply' : `needs fuzz ${fuzz}`
  return `${name} (-p${level}, ${how})`
}

/** The numbers in the name of a patch that is for a release and those after it. */
const versionsIn = (name: string): readonly string[] =>
  (name.replace(/^.*\//, '').match(/\d+\.\d+\.\d+/g) ?? []).filter((text) => text !== '')

/** Of several patches that apply, the one whose name has the newest release up to this one. */
const bestOf = (fitting: readonly Offer[], release: string): Offer | undefined => {
  const now = parseVersion(release)
  const rank = ({ name }: Offer): string =>
    versionsIn(name)
      .filter((version) => atLeast(now, version))
      .toSorted((a, b) => (atLeast(parseVersion(a), b) ? -1 : 1))[0] ?? '0.0.0'
  return fitting.toSorted((a, b) => (atLeast(parseVersion(rank(a)), rank(b)) ? -1 : 1))[0]
}

const nothingFits = (name: string, offers: readonly Offer[], release: string): Advice => {
  const near = bestOf(
    offers.filter(({ fuzz }) => fuzz !== null),
    release,
  )
  const ways = [
    ...(near === undefined
      ? []
      : [`--patch ${name}:${near.name} --rebase-patch, which writes a patch to review`]),
    'another version of the module or of nginx, or a patch of your own (--patch FILE)',
    '--allow-unpatched if the module works without a patch',
  ]
  return error(
    `none of the patches that ${name} brings applies to nginx ${release}: ${offers.map(offerText).join(', ')}`,
    `use ${ways.join('; ')}`,
  )
}

const notTaken = (name: string, best: Offer): Advice =>
  error(
    `${name} needs one of its patches for nginx, and none is applied`,
    `add --patch ${name}:${best.name}; --allow-unpatched builds it without, and it does not work then`,
  )

/** What is to be said of the patches of one module; null: nothing. */
const adviceOn = (name: string, offers: readonly Offer[], release: string): Advice | null => {
  const forNginx = offers.filter(({ level }) => level !== null)
  if (forNginx.length === 0) return null
  const best = bestOf(
    forNginx.filter(({ applies }) => applies),
    release,
  )
  if (best === undefined) return nothingFits(name, forNginx, release)
  if (knownModule(name)?.needsPatch === true) return notTaken(name, best)
  return note(
    `${name} has patches for nginx: ${offers.map(offerText).join(', ')}`,
    `if its documentation requires one, add --patch ${name}:${best.name}`,
  )
}

/**
 * Looks at the patches that a module has, when none of them is taken: without one that it needs, it may
 * compile, and fail when nginx serves.
 * @throws BuildError when none applies, or one that is known to be needed is not taken.
 */
export const checkOffers = async (
  trees: readonly Tree[],
  nginx: Tree,
  { release }: BuildPlan,
  job: Job,
  { advise }: StepTools,
): Promise<void> => {
  for (const tree of trees) {
    const name = tree.fetched.input.name.replace(/^module:/, '')
    // A patch that is named by its path may be the one that the module needs.
    const isTaken = job.request.patches.some(({ module }) => module === name || module === null)
    if (tree.fetched.input.source.kind === 'bundled' || isTaken) continue
    const advice = adviceOn(name, await offersOf(tree, nginx, job.world.disk), release)
    if (advice === null) continue
    if (advice.level !== 'error') advise(advice)
    else if (job.request.isUnpatchedAllowed) advise(warning(advice.message))
    else throw new BuildError(advice.message, { help: advice.help })
  }
}
