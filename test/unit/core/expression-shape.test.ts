import { expect, test } from 'vitest'
import { expressionShape } from '../../../src/core/dialects/expression-shape.ts'

test.each([
  ['a**', 'it is no valid expression'],
  ['*a', 'it is no valid expression'],
  ['(?{1})', '"(?{" is for Perl only'],
  ['a{65536}', 'it repeats something more than 65,535 times'],
  ['a{1,70000}', 'it repeats something more than 65,535 times'],
  ['\\y', 'a backslash stands before a letter that means nothing then'],
  ['a\\', 'it ends with a single backslash'],
])('%s: %s', (pattern, problem) => {
  expect(expressionShape(pattern)).toBe(problem)
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
])('%s is fine', (pattern) => {
  expect(expressionShape(pattern)).toBe(null)
})
