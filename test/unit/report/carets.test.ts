import { expect, test } from 'vitest'
import { formatDiagnostics } from '../../../src/report/diagnostics.ts'
import { styleFor } from '../../../src/report/style.ts'

/** The text below a line that is marked at `what`. */
const below = (lineText: string, what: string): string => {
  const location = {
    file: 'sessctl.yaml',
    line: 1,
    column: lineText.indexOf(what) + 1,
    width: what.length,
    lineText,
    lineColumn: 1,
    path: null,
  }
  const diagnostic = { code: 'x', severity: 'error', message: 'm', help: null, location } as const
  const [, , marks = ''] = formatDiagnostics([diagnostic], styleFor(false), 'all').split('\n')
  return marks.replace('      | ', '')
}

test.each([
  ['name: bad', 'bad', '      ^^^'],
  ['\tname: bad', 'bad', '\t      ^^^'],
  ['名前: bad', 'bad', '      ^^^'],
  ['{ 日: 1 }', '日', '  ^^'],
  ['e\u0301: bad', 'bad', '   ^^^'],
  ['"😀": bad', 'bad', '      ^^^'],
  ['a\u0007: bad', 'bad', '    ^^^'],
  ['a\u{e0001}: bad', 'bad', '     ^^^'],
])('%j: carets stand below %j', (line, what, marks) => {
  expect(below(line, what)).toBe(marks)
})

test('a message or line contains no control sequences for a terminal', () => {
  const location = {
    file: 'f',
    line: 1,
    column: 1,
    width: 1,
    lineText: '\u001b[31mred\u202e',
    lineColumn: 1,
    path: null,
  }
  const message = 'bad\u001b[31m\nworse'
  const text = formatDiagnostics(
    [{ code: 'x', severity: 'error', message, help: 'so\r', location }],
    styleFor(false),
    'all',
  )
  expect(text).toMatchInlineSnapshot(`
    "f:1:1: error[x]: bad^[[31m^Jworse
        1 | ·[31mred·
          | ^
          = help: so^M
    1 error
    "
  `)
})
