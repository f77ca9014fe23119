import { contradicted } from '../../core/prove/proof.ts'
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
    ...(failOn === null ? [] : ['--fail-on']),
  ]
  if (given.length > 1)
    throw new UsageError(`${given.join(' and ')} contradict each other`, {
      help: 'use one of them: it decides when the exit code is not 0',
    })
}

/** The share of sessions that may be lost, from 0 to 1. @throws UsageError for another condition. */
export const allowedLoss = (condition: string): number => {
  const [, percent = '0'] = /^sessions-lost(?:=(\d{1,3}(?:\.\d+)?)%)?$/.exec(condition) ?? [
    null,
    'x',
  ]
  const share = Number(percent) / 100
  if (share >= 0 && share <= 1) return share
  throw new UsageError(`--fail-on ${condition} is not a condition`, {
    help: 'write sessions-lost, or with a share: sessions-lost=5%',
  })
}

/** Of the upstream that loses most; null: a spec is not known. */
const largestLoss = ({ review, clusters }: ReviewReport): number | null => {
  if (review !== null)
    return Math.max(review.verdict.lost, ...review.impact.map(({ lost }) => lost))
  // What is removed has no sessions left.
  return clusters.before !== null && clusters.after === null ? 1 : null
}

interface Ending {
  readonly exitCode: ExitCode
  /** Why the condition of --fail-on is met; null: it is not. */
  readonly reason: string | null
}

const endingOf = (condition: string, report: ReviewReport, isNew: boolean): Ending => {
  const allowed = allowedLoss(condition)
  // What is new has no sessions yet.
  const lost = isNew ? 0 : largestLoss(report)
  if (lost === null)
    throw new UsageError(
      `--fail-on ${condition}: ${report.withoutReview ?? 'a spec is not known'}`,
      {
        help: 'compare with a revision: --base',
      },
    )
  if (lost <= allowed) return { exitCode: exitCodes.done, reason: null }
  const limit = allowed === 0 ? 'none may be lost' : `more than ${percent(allowed)}`
  return {
    exitCode: exitCodes.found,
    reason: `--fail-on ${condition}: ${percent(lost)} of the sessions of an upstream are lost, ${limit}`,
  }
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
    return { exitCode: exitCodes.found, reason: `--prove: ${proofSentence(proof)}` }
  if (failOn !== null) return endingOf(failOn, report, isNew)
  const differs = report.files.length > 0
  if (detailedExitcode)
    return { exitCode: differs ? exitCodes.notUnderstood : exitCodes.done, reason: null }
  return { exitCode: exitCode && differs ? exitCodes.found : exitCodes.done, reason: null }
}
