import { expect, test } from 'vitest'
import { pcreProblem } from '../../../src/core/dialects/regular-expressions.ts'

test.each([
  ['a**', 'it is not a valid regular expression'],
  ['*a', 'it is not a valid regular expression'],
  ['(?{1})', '"(?{" is supported by Perl only'],
  ['a{65536}', 'it repeats something more than 65,535 times'],
  ['a{1,70000}', 'it repeats something more than 65,535 times'],
  ['\\y', 'it has a backslash before a letter that forms no escape sequence'],
  ['a\\', 'it ends with a single backslash'],
])('%s: %s', (pattern, problem) => {
  expect(pcreProblem(pattern)).toBe(problem)
})

test.each([
  'a{65535}',
  'a{,70000}x',
  '[{70000}]',
  '\\Qa**\\E',
  'a++',
  '(?>a)',
  '(*UTF8)a',
  '[[:alpha:]]',
  '(?i)a',
  '(?P<n>a)',
  '\\.(jsp|do)$',
])('%s is accepted', (pattern) => {
  expect(pcreProblem(pattern)).toBe(null)
})
