import { contradicted } from '../../core/prove/proof.ts'
import type { Review, RiskKind } from '../../core/review/review.ts'
import { percent } from '../../core/review/shares.ts'
import { UsageError } from '../../errors.ts'
import { type ExitCode, exitCodes } from '../../exit-codes.ts'
import { proofSentence } from '../../report/review/proof.ts'
import type { ReviewReport } from '../../report/review/report.ts'
import type { ArgsOf } from '../define.ts'
import type { diffOptions } from '../diff.ts'

type Args = ArgsOf<typeof diffOptions>

/** Only one of them decides the exit code. @throws UsageError for several. */
export const checkExitOptions = ({ exitCode, detailedExitcode, failOn }: Args): void => {
  const given = [
    ...(exitCode ? ['--exit-code'] : []),
    ...(detailedExitcode ? ['--detailed-exitcode'] : []),
    ...(failOn.length === 0 ? [] : ['--fail-on']),
  ]
  if (given.length > 1)
    throw new UsageError(`${given.join(' and ')} contradict each other`, {
      help: 'use one of them: it decides when the exit code is not 0',
    })
}

/** What `--fail-on` asks of a review. */
type Condition =
  | {
      readonly kind: 'sessions-lost'
      /** The share of sessions that may be lost, from 0 to 1. */
      readonly allowed: number
    }
  /** Risks of this kind. */
  | { readonly kind: 'availability' | 'security' }

/** @throws UsageError for another condition. */
export const conditionOf = (text: string): Condition => {
  if (text === 'availability' || text === 'security') return { kind: text }
  const [whole, percent = '0'] = /^sessions-lost(?:=(\d{1,3}(?:\.\d+)?)%)?$/.exec(text) ?? []
  const allowed = Number(percent) / 100
  if (whole !== undefined && allowed <= 1) return { kind: 'sessions-lost', allowed }
  throw new UsageError(`--fail-on ${text} is not a condition`, {
    help: 'write sessions-lost, sessions-lost=5%, availability or security; several are separated by commas',
  })
}

interface Loss {
  readonly lost: number
  /** Of what, in a message. */
  readonly of: string
}

/** Of the upstream that loses most; null: a spec is not known. */
const largestLoss = ({ review, clusters }: ReviewReport): Loss | null => {
  if (review !== null)
    return review.impact
      .map(({ name, lost }) => ({ lost, of: `upstream ${name}` }))
      .reduce((one, other) => (other.lost >= one.lost ? other : one), {
        lost: review.verdict.lost,
        of: 'all upstreams',
      })
  // What is removed has no sessions left.
  const isRemoved = clusters.before !== null && clusters.after === null
  return isRemoved ? { lost: 1, of: 'what is removed' } : null
}

interface Ending {
  readonly exitCode: ExitCode
  /** Why the conditions of --fail-on are met, one sentence each. */
  readonly reasons: readonly string[]
}

const lossReason = ({ lost, of }: Loss, allowed: number): string | null => {
  if (lost <= allowed) return null
  const limit = allowed === 0 ? 'none may be lost' : `more than ${percent(allowed)}`
  return `${percent(lost)} of the sessions of ${of} are lost, ${limit}`
}

const risksReason = (kind: RiskKind, { risks }: Pick<Review, 'risks'>): string | null => {
  const [first, ...others] = risks.filter((risk) => risk.kind === kind)
  if (first === undefined) return null
  const more = others.length === 0 ? '' : `, and ${others.length} more`
  return `a risk for ${kind}${more}: ${first.message}`
}

/** Why a condition is met; null: it is not. */
const reasonFor = (text: string, report: ReviewReport, isNew: boolean): string | null => {
  const condition = conditionOf(text)
  // What is new has no sessions and no users yet.
  if (isNew) return null
  const loss = largestLoss(report)
  if (loss === null)
    throw new UsageError(`--fail-on ${text}: ${report.withoutReview ?? 'a spec is not known'}`, {
      help: 'compare with a revision: --base',
    })
  if (condition.kind === 'sessions-lost') return lossReason(loss, condition.allowed)
  if (report.review !== null) return risksReason(condition.kind, report.review)
  return condition.kind === 'availability' ? 'the spec is removed' : null
}

const endingOf = (conditions: readonly string[], report: ReviewReport, isNew: boolean): Ending => {
  const reasons = conditions.flatMap((text) => {
    const reason = reasonFor(text, report, isNew)
    return reason === null ? [] : [`--fail-on ${text}: ${reason}`]
  })
  return { exitCode: reasons.length === 0 ? exitCodes.done : exitCodes.found, reasons }
}

/**
 * How the command ends.
 * @param isNew there was no spec before.
 */
export const ending = (
  { exitCode, detailedExitcode, failOn }: Args,
  report: ReviewReport,
  isNew: boolean,
): Ending => {
  const { proof } = report
  if (proof !== null && contradicted(proof).length > 0)
    return { exitCode: exitCodes.found, reasons: [`--prove: ${proofSentence(proof)}`] }
  if (failOn.length > 0) return endingOf(failOn, report, isNew)
  const differs = report.files.length > 0
  if (detailedExitcode)
    return { exitCode: differs ? exitCodes.notUnderstood : exitCodes.done, reasons: [] }
  return { exitCode: exitCode && differs ? exitCodes.found : exitCodes.done, reasons: [] }
}
