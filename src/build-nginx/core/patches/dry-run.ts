import { applyHunks, type Placed, type Reject } from './apply.ts'
import { type Nearest, nearest } from './nearest.ts'
import {
  type ByteText,
  type FilePatch,
  isProblem,
  type Patch,
  type PatchProblem,
  reversedFile,
} from './patch.ts'
import { detectLevel, targetOf } from './paths.ts'

/** The files of a tree as they would be; null is a file that is not there. */
export type ReadText = (path: string) => ByteText | null

export interface FileResult {
  readonly path: string
  readonly state: 'applied' | 'already' | 'rejected'
  readonly before: ByteText | null
  /** Null: the patch removes it. The same as before unless the patch applies. */
  readonly after: ByteText | null
  readonly placed: readonly Placed[]
  readonly rejects: readonly (Reject & { readonly nearest: Nearest | null })[]
}

export interface PatchResult {
  readonly name: string
  readonly state: 'applied' | 'already' | 'rejected' | 'unusable'
  readonly level: number | null
  readonly files: readonly FileResult[]
  /** Why it is unusable. */
  readonly problem: PatchProblem | null
}

export interface DryRun {
  readonly results: readonly PatchResult[]
  /** What is to be written (null: removed), once nothing was rejected. */
  readonly changes: ReadonlyMap<string, ByteText | null>
  readonly isClean: boolean
}

/** Exactly what the patch leaves behind, at places where it would stand. */
const isThere = (file: FilePatch, before: ByteText | null): boolean => {
  if (file.newPath === null) return before === null
  if (before === null) return false
  const { rejects } = applyHunks(reversedFile(file), before)
  return rejects.length === 0
}

/** A hunk without any old line applies as often as one likes. */
const fitsAnywhere = ({ hunks }: FilePatch): boolean =>
  hunks.some(({ lines }) => lines.every(({ kind }) => kind === 'added'))

const resultOf = (file: FilePatch, path: string, before: ByteText | null): FileResult => {
  const same = { path, before, after: before, placed: [], rejects: [] }
  const { text, placed, rejects } = applyHunks(file, before)
  if ((rejects.length > 0 || fitsAnywhere(file)) && isThere(file, before))
    return { ...same, state: 'already' }
  // A new file where one stands already: nothing of it is as expected.
  const isBlocked = file.oldPath === null && before !== null && before !== ''
  const [first] = file.hunks
  const all: readonly Reject[] =
    isBlocked && first ? [{ hunk: first, reason: 'no-match', places: [] }] : rejects
  if (all.length > 0) {
    const explained = all.map((reject) => ({
      ...reject,
      nearest: nearest(reject.hunk, before ?? ''),
    }))
    return { ...same, state: 'rejected', placed, rejects: explained }
  }
  const after = file.newPath === null ? null : text
  // A file that is to go must be empty by then.
  if (file.newPath === null && text !== '' && first) {
    const reject = { hunk: first, reason: 'no-match', places: [], nearest: null } as const
    return { ...same, state: 'rejected', placed, rejects: [reject] }
  }
  return { path, state: 'applied', before, after, placed, rejects: [] }
}

const stateOf = (files: readonly FileResult[]): PatchResult['state'] => {
  if (files.some(({ state }) => state === 'rejected')) return 'rejected'
  return files.every(({ state }) => state === 'already') ? 'already' : 'applied'
}

export interface ToApply {
  readonly patch: Patch
  /** -p, where the series says it; null finds it. */
  readonly level: number | null
}

/**
 * Applies patches in their order, in memory: each sees what those before it did, and a patch that
 * does not apply whole does nothing.
 */
export const dryRun = (patches: readonly ToApply[], read: ReadText): DryRun => {
  const changes = new Map<string, ByteText | null>()
  const textOf: ReadText = (path) => {
    const changed = changes.get(path)
    return changed === undefined ? read(path) : changed
  }
  const results = patches.map(({ patch, level: wanted }): PatchResult => {
    const { name } = patch
    const has = (path: string): boolean => textOf(path) !== null
    const found = detectLevel(patch, has, wanted)
    if (isProblem(found)) return { name, state: 'unusable', level: null, files: [], problem: found }
    const { level } = found
    // The same file may come up twice: the second part sees what the first one did.
    const own = new Map<string, ByteText | null>()
    const files = patch.files.map((file): FileResult => {
      const path = targetOf(file, level, has) ?? ''
      const before = own.has(path) ? (own.get(path) ?? null) : textOf(path)
      const result = resultOf(file, path, before)
      own.set(path, result.after)
      return result
    })
    const state = stateOf(files)
    if (state === 'applied') for (const [path, text] of own) changes.set(path, text)
    return { name, state, level, files, problem: null }
  })
  const isClean = results.every(({ state }) => state === 'applied' || state === 'already')
  return { results, changes, isClean }
}
