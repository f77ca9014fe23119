import type { FileChange } from '../../core/diff/compare.ts'
import type { Placed, PlacedReview } from '../../core/diff/placed.ts'
import type { Change, Risk, UpstreamImpact } from '../../core/review/review.ts'
import { formatJson } from '../json.ts'
import { proofJson } from './proof.ts'
import { type ReviewReport, sentence } from './report.ts'

/** A side of the comparison. */
export interface JsonSide {
  readonly revision: string
  readonly commit: string
  readonly hasSpec: boolean
}

/** What the document says besides the review. */
export interface JsonFacts {
  readonly base: JsonSide | null
  readonly head: JsonSide | null
  readonly foreign: readonly string[]
  readonly edited: ReadonlySet<string>
}

const placeOf = ({ spec, output, side, upstream }: Placed<Risk | Change>) => ({
  side,
  upstream,
  file: spec.file,
  line: spec.line,
  column: spec.column,
  path: spec.path,
  output,
})

const impactOf = ({ name: _, ...impact }: UpstreamImpact) => impact

const reviewOf = ({ verdict, risks, changes, impact }: PlacedReview) => ({
  verdict: { ...verdict, sentence: sentence(verdict.sentence) },
  risks: risks.map((risk) => ({
    code: risk.code,
    kind: risk.kind,
    message: risk.message,
    remedies: risk.remedies,
    ...placeOf(risk),
  })),
  changes: changes.map((change) => ({ code: change.code, text: change.text, ...placeOf(change) })),
  impact: { upstreams: Object.fromEntries(impact.map((each) => [each.name, impactOf(each)])) },
})

const noReview = { verdict: null, risks: [], changes: [], impact: { upstreams: {} } }

const artifactOf = ({ path, ...rest }: FileChange, { edited }: JsonFacts) => ({
  path,
  editedByHand: edited.has(path),
  ...rest,
})

/** The versioned document. `impact.upstreams.NAME.moved` and `.lost` are shares from 0 to 1. */
export const reviewJson = (report: ReviewReport, facts: JsonFacts, exitCode: number): string => {
  const { review, files, unchanged, diagnostics, notes } = report
  return formatJson('diff', exitCode, {
    base: facts.base,
    head: facts.head,
    ...(review === null ? noReview : reviewOf(review)),
    proof: proofJson(report.proof),
    diagnostics,
    notes,
    foreign: facts.foreign,
    artifacts: files.map((file) => artifactOf(file, facts)),
    unchanged,
  })
}
