import { expect, test } from 'vitest'
import { readSpec } from '../../../src/core/pipeline.ts'

const refusals: readonly (readonly [string, string, string, RegExp])[] = [
  ['tokens', `a: [${'b,'.repeat(600_000)}]`, 'spec-too-large', /1,000,000 YAML tokens/],
  ['lines', 'a: 1\n'.repeat(300_000), 'spec-too-large', /1,000,000 YAML tokens/],
  ['aliases', `a: &a b\nc:\n${'  - *a\n'.repeat(501)}`, 'spec-alias-limit', /too many values/],
  // The YAML reader of these would end the whole process.
  ['list items on one line', '- '.repeat(200_000), 'spec-syntax', /nested too deeply/],
  ['keys on one line', '? '.repeat(200_000), 'spec-syntax', /nested too deeply/],
  ['values on one line', ': '.repeat(200_000), 'spec-syntax', /nested too deeply/],
  ['brackets', '['.repeat(500), 'spec-syntax', /nested too deeply/],
  [
    'indentation',
    Array.from({ length: 500 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join(''),
    'spec-syntax',
    /nested too deeply/,
  ],
]

test.each(refusals)('more %s than a spec needs are refused', (_, text, code, message) => {
  const { spec, diagnostics } = readSpec('sessctl.yaml', text)
  expect(spec).toBeNull()
  expect(diagnostics.map(({ code }) => code)).toEqual([code])
  expect(diagnostics[0]?.message).toMatch(message)
})

test('a spec that reaches a limit is accepted', () => {
  const aliases = `a: &a b\nc:\n${'  - &x d\n  - *x\n'.repeat(100)}`
  expect(readSpec('sessctl.yaml', aliases).diagnostics.map(({ code }) => code)).not.toContain(
    'spec-alias-limit',
  )
  const list = `${'- '.repeat(390)}a`
  expect(readSpec('sessctl.yaml', list).diagnostics[0]?.message).toMatch(/a spec is a map/)
})

test('a text with an error at each character gives one diagnostic', () => {
  for (const text of [`a: [${','.repeat(200_000)}`, '! '.repeat(100_000), 'a\n'.repeat(100_000)])
    expect(readSpec('sessctl.yaml', text).diagnostics).toHaveLength(1)
})
