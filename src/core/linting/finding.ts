import { createHash } from 'node:crypto'
import type { TextEdit } from '../diagnostics/diagnostic.ts'
import type { LocatedDiagnostic } from '../diagnostics/located.ts'

/** A diagnostic of one file, with the name by which later runs know it. */
export interface Finding extends LocatedDiagnostic {
  /** The same while its line is the same, wherever in the file the line is. */
  readonly fingerprint: string
}

const lineOf = ({ location: { lineText }, message }: LocatedDiagnostic): string =>
  (lineText ?? message).trim().replace(/\s+/g, ' ')

/**
 * Names each diagnostic by its code, its file and the text of its line, so that lines may be added
 * and removed around it. Equal ones are numbered in their order.
 */
export const asFindings = (diagnostics: readonly LocatedDiagnostic[]): readonly Finding[] => {
  const seen = new Map<string, number>()
  return diagnostics.map((diagnostic) => {
    const { code, location } = diagnostic
    const identity = JSON.stringify([code, location.file, lineOf(diagnostic)])
    const number = seen.get(identity) ?? 0
    seen.set(identity, number + 1)
    const hash = createHash('sha256').update(`${identity}${number}`).digest('hex')
    return { ...diagnostic, fingerprint: hash.slice(0, 32) }
  })
}

/** Whether it makes `sessctl lint` exit with 1. */
export const isCounted = ({ severity }: Pick<Finding, 'severity'>): boolean => severity !== 'info'

/** The edits of a file that apply all certain remedies; of two that overlap, the first one is kept. */
export const fixesOf = (findings: readonly Finding[]): readonly TextEdit[] => {
  const chosen: TextEdit[] = []
  const overlaps = (edit: TextEdit): boolean =>
    chosen.some(({ start, end }) => edit.start < end && start < edit.end) ||
    chosen.some(({ start, end }) => edit.start === start && edit.end === end)
  for (const { fix = [] } of findings) if (!fix.some(overlaps)) chosen.push(...fix)
  return chosen
}
