import { resolve } from 'node:path'
import { BuildError } from '../../errors.ts'
import { sha256Hex } from '../core/digest.ts'
import { type DryRun, dryRun, type PatchResult, type ToApply } from '../core/patches/dry-run.ts'
import { originIn, originText, type RebasedFrom, rebasedName } from '../core/patches/origin.ts'
import { parsePatch } from '../core/patches/parse.ts'
import { isProblem } from '../core/patches/patch.ts'
import { type Rebased, rebase } from '../core/patches/rebase.ts'
import {
  discreetPatchHelp,
  discreetPatchMessage,
  patchHelp,
  patchMessage,
} from '../core/patches/rejected.ts'
import { sideBySide } from '../core/patches/side-by-side.ts'
import { warning } from '../core/plan/advice.ts'
import type { StepTools } from './engine.ts'
import type { Job } from './job.ts'
import { readTargets } from './offered-patches.ts'
import type { Tree } from './steps/extract.ts'

export interface PatchRecord {
  readonly name: string
  /** The input that it changes. */
  readonly of: string
  readonly sha256: string
  readonly level: number | null
  readonly state: 'applied' | 'already'
  /** The patch that it was made from, when that needed fuzz. */
  readonly rebasedFrom?: RebasedFrom
}

export interface PatchText extends ToApply {
  readonly text: string
  readonly isDiscreet?: boolean
  /** By --patch, or in the spec. */
  readonly isNamed?: boolean
}

export const parsed = (name: string, text: string): ToApply => {
  const patch = parsePatch(name, text)
  if (isProblem(patch)) {
    const where = patch.line === null ? '' : `:${patch.line}`
    throw new BuildError(`${name}${where} ${patch.message}`, { help: patch.help })
  }
  return { patch, level: null }
}

interface Applied {
  readonly run: DryRun
  readonly records: readonly PatchRecord[]
  /** What was applied: a rebased patch in place of the one that it was made from. */
  readonly used: readonly PatchText[]
}

type Explain = (name: string) => Promise<readonly string[]>

const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1')

/** The patch for the files as the patches before it leave them; null when even fuzz does not help. */
const rebasedOf = async (
  patches: readonly PatchText[],
  at: number,
  tree: Tree,
  { world: { disk } }: Job,
): Promise<Rebased | null> => {
  const own = patches[at]
  if (own === undefined) return null
  const read = await readTargets(patches, tree.folder, disk)
  const { changes } = dryRun(patches.slice(0, at), read)
  const now = (path: string): string | null => {
    const changed = changes.get(path)
    return changed === undefined ? read(path) : changed
  }
  const { level } = dryRun([own], now).results[0] ?? { level: null }
  return level === null ? null : rebase(own.patch, level, now)
}

const writeRebased = async (file: string, text: string, { world: { disk } }: Job) => {
  const before = await disk.readIfThere(file, 16 * 1_048_576)
  const old = before === null ? '' : Buffer.from(before).toString('latin1')
  if (before !== null && originIn(old) === null)
    throw new BuildError(`${file} exists, and sessctl did not write it`, {
      help: 'move the file, or run in another folder',
    })
  if (old !== text) await disk.write(file, bytesOf(text))
}

/** Writes the rebased patch and shows where it differs. @throws BuildError when it does not apply. */
const useRebased = async (
  own: PatchText,
  rebased: Rebased,
  tree: Tree,
  release: string,
  job: Job,
  { advise }: StepTools,
): Promise<PatchText> => {
  const { name } = own.patch
  const source = `nginx ${release}`
  const file = rebasedName(name, release)
  const origin = {
    name: name.replace(/^.*\//, ''),
    sha256: sha256Hex(bytesOf(own.text)),
    fuzz: rebased.fuzz,
  }
  const text = `${originText(origin, source)}${rebased.text}`
  await writeRebased(resolve(job.context.cwd, file), text, job)
  advise(
    warning(
      [
        `${name} does not apply exactly to ${tree.fetched.from}: ${file} is used instead, with fuzz ${rebased.fuzz}`,
        ...sideBySide(rebased, source),
      ].join('\n'),
      `review ${file} before you use what is built, and then name it instead: --patch ${file}`,
    ),
  )
  return { ...parsed(file, text), text, isNamed: true }
}

const refusal = async (
  own: PatchText | undefined,
  result: PatchResult,
  rebased: Rebased | null,
  tree: Tree,
  explain: Explain,
): Promise<BuildError> => {
  const { from } = tree.fetched
  if (own?.isDiscreet === true)
    return new BuildError(discreetPatchMessage(result, from), { help: discreetPatchHelp })
  const others = await explain(result.name)
  const fuzz = own?.isNamed === true ? (rebased?.fuzz ?? null) : null
  return new BuildError(patchMessage(result, from), {
    help: patchHelp(result, others, fuzz, tree.debianPatches.length > 0),
  })
}

/** All patches of one tree in their order, in memory. @throws BuildError for the first that is refused. */
export const applyAll = async (
  patches: readonly PatchText[],
  tree: Tree,
  release: string,
  explain: Explain,
  job: Job,
  tools: StepTools,
): Promise<Applied> => {
  const used = [...patches]
  let run = dryRun(used, await readTargets(used, tree.folder, job.world.disk))
  for (let at = 0; at < used.length; at++) {
    const [own, result] = [used[at], run.results[at]]
    if (own === undefined || result === undefined) continue
    tools.say(
      `${result.name}: ${result.state}${result.level === null ? '' : ` (-p${result.level})`}`,
    )
    if (result.state === 'applied' || result.state === 'already') continue
    const isRebasable = result.state === 'rejected' && own.isDiscreet !== true
    const rebased = isRebasable ? await rebasedOf(used, at, tree, job) : null
    const isWanted = job.request.isRebased && own.isNamed === true
    if (!isWanted || rebased === null) throw await refusal(own, result, rebased, tree, explain)
    used[at] = await useRebased(own, rebased, tree, release, job, tools)
    run = dryRun(used, await readTargets(used, tree.folder, job.world.disk))
    const again = run.results[at]
    if (again?.state !== 'applied') throw await refusal(own, result, null, tree, explain)
  }
  const records = run.results.map(({ name, level, state }, index) => {
    const text = used[index]?.text ?? ''
    const rebasedFrom = originIn(text)
    return {
      name,
      of: tree.fetched.input.name,
      level,
      sha256: sha256Hex(bytesOf(text)),
      state: state === 'already' ? ('already' as const) : ('applied' as const),
      ...(rebasedFrom === null ? {} : { rebasedFrom }),
    }
  })
  return { run, records, used }
}
