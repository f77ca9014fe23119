import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { commands } from '../../src/commands/index.ts'
import { manPage, roff } from '../support/man-page.ts'

const path = fileURLToPath(new URL('../../man/sessctl.1', import.meta.url))

test('the manual page is up to date (npm run docs)', async () => {
  await expect(manPage()).toMatchFileSnapshot(path)
})

describe('roff', () => {
  test.each([
    ['.conf is a file', '\\&.conf is a file'],
    ["'quoted' at the start", '\\(aqquoted\\(aq at the start'],
    ['C:\\nginx', 'C:\\enginx'],
    ['--dry-run', '\\-\\-dry\\-run'],
    ['~/.cache, `x` and ^', '\\(ti/.cache, \\(gax\\(ga and \\(ha'],
    ['two\nlines', 'two lines'],
    ['5B1C….app1', '5B1C\\[u2026].app1'],
  ])('escapes %j', (text, expected) => {
    expect(roff(text)).toBe(expected)
  })
})

describe('the manual page', () => {
  const lines = manPage().split('\n')
  test('is ASCII, and uses man macros and escapes only', () => {
    const macros = ['.\\"', '.TH', '.SH', '.SS', '.TP', '.PP']
    for (const line of lines) {
      expect(line).toMatch(/^[\x20-\x7e]*$/)
      if (/^[.']/.test(line)) expect(macros).toContain(line.split(' ')[0])
      else
        expect(
          line.replaceAll(/\\(?:f[BIR]|[e&-]|\((?:aq|dq|ga|ha|ti)|\[u[0-9A-F]{4,6}\])/g, ''),
        ).not.toContain('\\')
    }
  })
  test('has every command and every option', () => {
    const text = lines.join('\n')
    for (const { name, options } of commands) {
      expect(text).toContain(`\n.SS ${roff(name)}\n`)
      for (const { flags } of Object.values(options)) {
        expect(text).toContain(`\\fB${roff(/--[\w-]+/.exec(flags)?.[0] ?? flags)}\\fR`)
      }
    }
  })

  /** Programs that check a manual page. */
  const readers: readonly (readonly [program: string, ...args: string[]])[] = [
    ['mandoc', '-T', 'lint', '-W', 'warning'],
    ['groff', '-man', '-Tascii', '-ww', '-z'],
    ['man', '--warnings', '-l', '-'],
  ]
  test.for(readers)('%s reports nothing', ([program, ...args], { skip }) => {
    const { error, stdout, stderr } = spawnSync(program, args, {
      input: manPage(),
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], LC_ALL: 'C', MANPAGER: 'cat', MANWIDTH: '80' },
    })
    if (error !== undefined) skip(`${program} is not installed`)
    const reported = stderr + (program === 'mandoc' ? stdout : '')
    // The page has no date: the same commands give the same bytes.
    expect(reported.split('\n').filter((line) => !/^$|missing date/.test(line))).toEqual([])
  })
})
