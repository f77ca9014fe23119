import { describe, expect, test } from 'vitest'
import type { Diagnostic } from '../../../src/core/diagnostics/diagnostic.ts'
import { locate } from '../../../src/core/diagnostics/located.ts'
import { linesOf } from '../../../src/core/diagnostics/source-lines.ts'
import type { Span } from '../../../src/core/secrets/spans.ts'

const sourceOf = (text: string, secrets: readonly Span[] = []) => ({
  file: 'spec.yaml',
  text,
  range: () => [0, 1] as const,
  edit: () => null,
  secrets: () => secrets,
})

const problemAt = (start: number, end: number): Diagnostic => ({
  code: 'spec-value',
  severity: 'error',
  message: 'wrong',
  help: null,
  at: { kind: 'text', start, end },
})

describe('lines of a text', () => {
  const text = 'one\r\ntwo: secret\nthree'
  const lineAt = linesOf(text, [[10, 16]])

  test.each([
    [0, { index: 0, start: 0, end: 4, shown: 'one' }],
    [4, { index: 0, start: 0, end: 4, shown: 'one' }],
    [5, { index: 1, start: 5, end: 16, shown: 'two: ******' }],
    [text.length, { index: 2, start: 17, end: 22, shown: 'three' }],
  ])('offset %i', (at, line) => {
    expect(lineAt(at)).toEqual(line)
  })

  test('a secret of several lines is hidden on each line', () => {
    const secrets: readonly Span[] = [
      [0, 1],
      [3, 8],
      [11, 12],
    ]
    const shown = linesOf('a bcd\nef\ng hi', secrets)
    expect([0, 6, 9].map((at) => shown(at).shown)).toEqual(['* b**', '**', 'g *i'])
  })
})

describe('a line as it is shown', () => {
  const line = Array.from({ length: 5000 }, (_, index) => `${index % 10}`).join('')

  test('a long line is cut around the place', () => {
    const [found] = locate([problemAt(3001, 3002)], sourceOf(line))
    const { column, lineColumn, lineText } = found?.location ?? {}
    expect(column).toBe(3002)
    expect(lineText).toHaveLength(1000)
    expect(lineText?.[(column ?? 0) - (lineColumn ?? 0)]).toBe('1')
  })

  test('a short line is shown completely', () => {
    const [found] = locate([problemAt(301, 302)], sourceOf(line.slice(0, 1000)))
    expect(found?.location).toMatchObject({ lineColumn: 1, lineText: line.slice(0, 1000) })
  })

  test('secrets are found before the line is cut', () => {
    const text = `{${'"a": 1, '.repeat(200)}"password": "${'x'.repeat(900)}", "b": 2}`
    const at = text.indexOf('"b"')
    const [found] = locate([problemAt(at, at + 3)], sourceOf(text))
    expect(found?.location.lineText).toContain('"b"')
    expect(found?.location.lineText).not.toContain('xx')
  })
})
