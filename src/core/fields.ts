import {
  atKey,
  type CodeTable,
  type Diagnostic,
  reporterFor,
  type SpecPath,
} from './diagnostics/diagnostic.ts'
import { valueAt } from './spec/value-at.ts'

/** Fields that say something which the written configuration does not. */
export const fieldCodes = {
  'field-not-followed': {
    severity: 'warning',
    summary: 'A field asks for what a target does not do',
    why: 'The configuration is written without it, and behaves otherwise than somebody who reads the spec expects.',
  },
  'field-without-effect': {
    severity: 'info',
    summary: 'A field that changes nothing',
    why: 'Nothing that is written depends on it: what it belongs to is not there, or the target has no such thing.',
  },
} as const satisfies CodeTable

const report = reporterFor(fieldCodes)

const nameOf = (path: SpecPath): string =>
  String(path.findLast((key) => typeof key === 'string') ?? 'spec')

/**
 * Says that nothing comes of a value, even where it is a default: `asWritten` leaves out what nobody
 * wrote.
 * @param target as it is called in messages; null: whatever the targets are.
 * @param why a clause.
 */
export const withoutEffect = (
  path: SpecPath,
  target: string | null,
  why: string,
  help: string | null = null,
): Diagnostic =>
  report(
    'field-without-effect',
    atKey(path),
    `"${nameOf(path)}" has no effect${target === null ? '' : ` in ${target}`}: ${why}`,
    help,
  )

/** As `withoutEffect`, where the target does something else than the value asks for. */
export const notFollowed = (
  path: SpecPath,
  target: string,
  why: string,
  help: string | null = null,
): Diagnostic =>
  report(
    'field-not-followed',
    atKey(path),
    `"${nameOf(path)}" is not followed in ${target}: ${why}`,
    help,
  )

/** Without what is said of fields that only have their default. */
export const asWritten = (
  diagnostics: readonly Diagnostic[],
  written: unknown,
): readonly Diagnostic[] =>
  diagnostics.filter(
    ({ code, at }) =>
      !(code in fieldCodes) || at.kind !== 'spec' || valueAt(written, at.path) !== undefined,
  )
