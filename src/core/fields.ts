import { atKey, type CodeTable, type Diagnostic, type SpecPath } from './diagnostics/diagnostic.ts'
import { type Findings, reportFor } from './diagnostics/findings.ts'
import { valueAt } from './spec/value-at.ts'

/** Fields whose value has no or a different effect in the generated configuration. */
export const fieldCodes = {
  'field-not-followed': {
    severity: 'warning',
    summary: 'A field that a target does not follow',
    why: 'The generated configuration differs from the spec in this field.',
  },
  'field-without-effect': {
    severity: 'info',
    summary: 'A field without effect',
    why: 'The generated files are the same without the field: it needs another part of the spec, or the target has no such setting.',
  },
} as const satisfies CodeTable

const report = reportFor(fieldCodes)

const nameOf = (path: SpecPath): string =>
  String(path.findLast((key) => typeof key === 'string') ?? 'spec')

/**
 * Reports that a value has no effect, even if it is a default: `asWritten` removes the reports about
 * values that the spec does not contain.
 * @param target its name in messages; null: for every target.
 * @param why a clause.
 */
export const withoutEffect = (
  findings: Findings,
  path: SpecPath,
  target: string | null,
  why: string,
  help: string | null = null,
): void => {
  const where = target === null ? '' : ` in ${target}`
  const message = `"${nameOf(path)}" has no effect${where}: ${why}`
  report(findings, 'field-without-effect', atKey(path), message, help)
}

/** Reports that the target does not do what the value says. */
export const notFollowed = (
  findings: Findings,
  path: SpecPath,
  target: string,
  why: string,
  help: string | null = null,
): void => {
  const message = `"${nameOf(path)}" is not followed in ${target}: ${why}`
  report(findings, 'field-not-followed', atKey(path), message, help)
}

/** Removes the reports about fields that the spec does not contain. */
export const asWritten = (
  diagnostics: readonly Diagnostic[],
  written: unknown,
): readonly Diagnostic[] =>
  diagnostics.filter(
    ({ code, at }) =>
      !(code in fieldCodes) || at.kind !== 'spec' || valueAt(written, at.path) !== undefined,
  )
