import type { Severity } from '../../core/diagnostics/diagnostic.ts'
import type { LocatedDiagnostic, Location } from '../../core/diagnostics/located.ts'
import { asFindings } from '../../core/linting/finding.ts'
import type { RiskKind } from '../../core/review/review.ts'
import { lintGithub, lintGitlab } from '../lint/annotations.ts'
import { type ReviewReport, toneOf, verdictText } from './report.ts'

const severities: Readonly<Record<RiskKind, Severity>> = {
  sessions: 'warning',
  availability: 'warning',
  security: 'warning',
  cosmetic: 'info',
}

/** In GitLab a warning is "minor" and an error "major"; neither fails a job. */
const severitiesInGitlab = { ...severities, sessions: 'error', availability: 'error' } as const

const helpOf = (remedies: readonly { readonly text: string }[]): string | null =>
  remedies.length === 0 ? null : `to avoid it: ${remedies.map(({ text }) => text).join('; or ')}`

type Located = Omit<LocatedDiagnostic, 'fix'>

const riskFindings = (
  { review, subject }: ReviewReport,
  severityOf: Readonly<Record<RiskKind, Severity>>,
): readonly Located[] =>
  (review?.risks ?? []).map(({ code, kind, message, remedies, newSpec }) => ({
    code,
    severity: severityOf[kind],
    message,
    help: helpOf(remedies),
    location: { ...newSpec, file: subject },
  }))

/** A report of GitLab Code Quality: the risks at lines of the new spec. */
export const reviewGitlab = (report: ReviewReport): string =>
  lintGitlab(asFindings(riskFindings(report, severitiesInGitlab)))

/** GitHub shows no more of one severity in one step; the risks are in their order. */
const mostOfOneSeverity = 10

const shownByGithub = (findings: readonly Located[]): readonly Located[] =>
  (['error', 'warning', 'info'] as const).flatMap((severity) =>
    findings.filter((each) => each.severity === severity).slice(0, mostOfOneSeverity),
  )

const wholeFile = (file: string): Location => ({
  ...{ file, line: null, column: null, width: 1 },
  ...{ lineText: null, lineColumn: 1, path: null },
})

/** Workflow commands of GitHub: the verdict, and the risks at lines of the new spec, as many as GitHub shows. */
export const reviewGithub = (report: ReviewReport): string => {
  const { review, subject, command } = report
  const risks = riskFindings(report, severities)
  const verdict: Located = {
    code: 'diff',
    severity: review === null || toneOf(review) === 'good' ? 'info' : 'warning',
    message: verdictText(report),
    help: null,
    location: wholeFile(subject),
  }
  const shown = shownByGithub([verdict, ...risks])
  const left = risks.length + 1 - shown.length
  const help = left === 0 ? null : `${left} more risks are not shown: ${command}`
  return lintGithub(asFindings(shown.map((each) => (each === verdict ? { ...each, help } : each))))
}
