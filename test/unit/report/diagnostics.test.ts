import { describe, expect, test } from 'vitest'
import type { Severity } from '../../../src/core/diagnostics/diagnostic.ts'
import type { LocatedDiagnostic } from '../../../src/core/diagnostics/located.ts'
import { type Detail, detailOf, formatDiagnostics } from '../../../src/report/diagnostics.ts'
import { styleFor } from '../../../src/report/style.ts'

const some = (severity: Severity, count: number): readonly LocatedDiagnostic[] =>
  Array.from({ length: count }, (_, index) => ({
    code: 'x',
    severity,
    message: `${severity} ${index}`,
    help: null,
    location: {
      file: 'f',
      line: null,
      column: null,
      width: 1,
      lineText: null,
      lineColumn: 1,
      path: null,
    },
  }))

/** The severities of the lines that are printed, and the line that counts the rest. */
const shown = (errors: number, warnings: number, infos: number, detail: Detail) => {
  const all = [...some('error', errors), ...some('warning', warnings), ...some('info', infos)]
  const lines = formatDiagnostics(all, styleFor(false), detail).split('\n').slice(0, -1)
  const of = (severity: Severity) => lines.filter((line) => line.includes(`: ${severity}[`)).length
  const last = lines.at(-1) ?? ''
  return [of('error'), of('warning'), of('info'), last.startsWith('f:') ? '' : last]
}

describe('formatDiagnostics', () => {
  test.each([
    [0, 0, 0, 'counted', [0, 0, 0, '']],
    [0, 0, 1, 'counted', [0, 0, 0, '1 note; -v shows it']],
    [0, 0, 5, 'counted', [0, 0, 0, '5 notes; -v shows them']],
    [0, 1, 0, 'counted', [0, 1, 0, '1 warning']],
    [0, 2, 5, 'counted', [0, 2, 0, '2 warnings, 5 notes; -v shows the notes']],
    [0, 2, 1, 'counted', [0, 2, 0, '2 warnings, 1 note; -v shows the note']],
    [1, 0, 0, 'counted', [1, 0, 0, '1 error']],
    [
      1,
      2,
      3,
      'counted',
      [1, 0, 0, '1 error, 2 warnings, 3 notes; -v shows the warnings and notes'],
    ],
    [2, 0, 3, 'counted', [2, 0, 0, '2 errors, 3 notes; -v shows the notes']],
    [1, 2, 3, 'all', [1, 2, 3, '1 error, 2 warnings']],
    [0, 0, 3, 'all', [0, 0, 3, '']],
    [1, 2, 3, 'errors', [1, 0, 0, '']],
    [0, 2, 3, 'errors', [0, 0, 0, '']],
    [60, 0, 0, 'counted', [50, 0, 0, '60 errors']],
  ] as const)(
    '%i errors, %i warnings, %i notes, %s',
    (errors, warnings, infos, detail, expected) => {
      expect(shown(errors, warnings, infos, detail)).toEqual(expected)
    },
  )

  test('--quiet has precedence over --verbose', () => {
    expect(detailOf({ quiet: true, verbose: true })).toBe('errors')
    expect(detailOf({ quiet: false, verbose: true })).toBe('all')
    expect(detailOf({ quiet: false, verbose: false })).toBe('counted')
  })
})
