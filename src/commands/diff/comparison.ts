import type { LocatedDiagnostic } from '../../core/diagnostics/located.ts'
import type { Pair, Secrets } from '../../core/diff/compare.ts'
import { literalSecrets, type MarkedTexts } from '../../core/diff/marked.ts'
import { spellingsOf } from '../../core/diff/mask.ts'
import type { Spec } from '../../core/spec/schema/index.ts'

/** The revision that was compared with. */
export interface Base {
  readonly revision: string
  /** Its full commit id. */
  readonly commit: string
  /** false: the revision has no spec yet, and every file is new. */
  readonly hasSpec: boolean
}

/** What is compared, before differences are computed. */
export interface Comparison {
  /** null: with the disk. */
  readonly base: Base | null
  readonly diagnostics: readonly LocatedDiagnostic[]
  readonly pairs: readonly Pair[]
  readonly secrets: Secrets
  /** Files that were changed since sessctl wrote them. */
  readonly edited: ReadonlySet<string>
  /** Files in the way that sessctl did not write. */
  readonly foreign: readonly string[]
  /** For text output, one line each. */
  readonly notes: readonly string[]
}

/** The secrets of all sides together. */
export const secretsOf = (
  specs: readonly (Spec | null)[],
  marked: readonly MarkedTexts[],
): Secrets => ({
  markers: [...new Set(marked.flatMap(({ markers }) => markers))],
  spellings: spellingsOf([
    ...new Set(specs.flatMap((spec) => (spec === null ? [] : literalSecrets(spec)))),
  ]),
})

/** The diagnostics give the reason. */
export const nothingToCompare = (
  base: Base | null,
  diagnostics: readonly LocatedDiagnostic[],
): Comparison => ({
  base,
  diagnostics,
  pairs: [],
  secrets: { markers: [], spellings: [] },
  edited: new Set(),
  foreign: [],
  notes: [],
})
