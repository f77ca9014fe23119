import { hasErrors } from '../../core/diagnostics/diagnostic.ts'
import type { LocatedDiagnostic } from '../../core/diagnostics/located.ts'
import type { Pair, Secrets } from '../../core/diff/compare.ts'
import { literalSecrets, type MarkedTexts, renderMarked } from '../../core/diff/marked.ts'
import { spellingsOf } from '../../core/diff/mask.ts'
import { type Compilation, refusedByRules } from '../../core/pipeline.ts'
import type { Artifact } from '../../core/render/artifact.ts'
import { diagnosticsOf } from './side.ts'

/** What is compared, before differences are computed. */
export interface Comparison {
  readonly diagnostics: readonly LocatedDiagnostic[]
  /** With all files of both sides, the unchanged ones too. */
  readonly pairs: readonly Pair[]
  readonly secrets: Secrets
  /** The spec that the old files came from; null: it is not known, or there is none. */
  readonly before: Compilation | null
  /** null: files only, or no spec any more. */
  readonly after: Compilation | null
  /** Files that were changed since sessctl wrote them. */
  readonly edited: ReadonlySet<string>
  /** Files in the way that sessctl did not write. */
  readonly foreign: readonly string[]
  /** Why the spec of the old files is not known; null: it is known, or there is none. */
  readonly unknown: string | null
  /** For text output, one line each. */
  readonly notes: readonly string[]
}

/** The secrets of all sides together. */
export const secretsOf = (
  specs: readonly (Compilation | null)[],
  marked: readonly MarkedTexts[],
): Secrets => ({
  markers: [...new Set(marked.flatMap(({ markers }) => markers))],
  spellings: spellingsOf([
    ...new Set(specs.flatMap((side) => (side?.spec ? literalSecrets(side.spec) : []))),
  ]),
})

/** The diagnostics give the reason. */
export const nothingToCompare = (diagnostics: readonly LocatedDiagnostic[]): Comparison => ({
  diagnostics,
  pairs: [],
  secrets: { markers: [], spellings: [] },
  before: null,
  after: null,
  edited: new Set(),
  foreign: [],
  unknown: null,
  notes: [],
})

const byPath = (artifacts: readonly Artifact[]): ReadonlyMap<string, Uint8Array> =>
  new Map(artifacts.map(({ path, bytes }) => [path, bytes]))

const noTexts: MarkedTexts = { texts: new Map(), markers: [] }

const markedOf = (side: Compilation | null): MarkedTexts =>
  side === null ? noTexts : renderMarked(side, 'literal')

/**
 * The sides of a comparison whose new spec is refused by rules only: what it would do to sessions is known.
 * Its files are not compared, because `generate` does not write them.
 */
const refused = (
  before: Compilation | null,
  after: Compilation | null,
  diagnostics: readonly LocatedDiagnostic[],
): Partial<Pick<Comparison, 'before' | 'after' | 'secrets' | 'notes'>> => {
  if (before === null || after === null || hasErrors(before.diagnostics)) return {}
  const artifacts = refusedByRules(after)
  if (artifacts === null) return {}
  return {
    before,
    after: { ...after, artifacts },
    secrets: secretsOf([after, before], []),
    notes: [
      'the new spec has errors, and generate refuses it; this is what it would do to sessions',
      ...diagnostics.map(({ location: { file, line }, code, message }) => {
        const place = line === null ? file : `${file}:${line}`
        return `${place}: error ${code}: ${message}`
      }),
    ],
  }
}

/** Two specs. */
export const compareSpecs = (before: Compilation | null, after: Compilation | null): Comparison => {
  const diagnostics = diagnosticsOf(before, after)
  if (hasErrors(diagnostics))
    return { ...nothingToCompare(diagnostics), ...refused(before, after, diagnostics) }
  const [markedBefore, markedAfter] = [markedOf(before), markedOf(after)]
  const [old, wanted] = [byPath(before?.artifacts ?? []), byPath(after?.artifacts ?? [])]
  return {
    diagnostics,
    pairs: [...new Set([...wanted.keys(), ...old.keys()])].map((path) => ({
      path,
      before: old.get(path) ?? null,
      after: wanted.get(path) ?? null,
      markedBefore: markedBefore.texts.get(path) ?? null,
      markedAfter: markedAfter.texts.get(path) ?? null,
      openMode: null,
      shape: null,
    })),
    secrets: secretsOf([after, before], [markedAfter, markedBefore]),
    before,
    after,
    edited: new Set(),
    foreign: [],
    unknown: null,
    notes: [],
  }
}
