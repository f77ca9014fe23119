import type { Severity } from '../../core/diagnostics/diagnostic.ts'
import type { LocatedDiagnostic } from '../../core/diagnostics/located.ts'
import { asFindings, type Finding } from '../../core/linting/finding.ts'
import type { RiskKind } from '../../core/review/review.ts'
import type { ReviewReport } from './report.ts'

const severities: Readonly<Record<RiskKind, Severity>> = {
  sessions: 'warning',
  availability: 'warning',
  security: 'warning',
  cosmetic: 'info',
}

const helpOf = (remedies: readonly { readonly text: string }[]): string | null =>
  remedies.length === 0 ? null : `to avoid it: ${remedies.map(({ text }) => text).join('; or ')}`

/** The risks as findings at lines of the new spec, in which code hosts show them. */
export const reviewFindings = ({ review, subject }: ReviewReport): readonly Finding[] => {
  if (review === null) return []
  const risks = review.risks.map(
    ({ code, kind, message, remedies, newSpec }): LocatedDiagnostic => ({
      code,
      severity: severities[kind],
      message,
      help: helpOf(remedies),
      location: { ...newSpec, file: subject },
    }),
  )
  return asFindings(risks)
}
