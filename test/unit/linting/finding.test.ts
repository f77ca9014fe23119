import { describe, expect, test } from 'vitest'
import type { TextEdit } from '../../../src/core/diagnostics/diagnostic.ts'
import {
  compareWithBaseline,
  formatBaseline,
  readBaseline,
} from '../../../src/core/linting/baseline.ts'
import { asFindings, type Finding, fixesOf } from '../../../src/core/linting/finding.ts'
import { compileText } from '../../support/compile.ts'

const spec = (before: string, url: string) => `version: 1
name: shop
targets: { nginx: { version: 1.26.3 } }
${before}upstreams:
  shop:
    affinity: { method: jvm_route, url: ${url} }
    servers: { a: 10.0.0.1:8080, b: 10.0.0.2:8080 }
    app: { runtime: tomcat, version: "9.0.122" }
`

const findingsOf = (text: string): readonly Finding[] =>
  asFindings(compileText(text).diagnostics).filter(({ severity }) => severity !== 'info')

describe('the fingerprint of a finding', () => {
  const [finding] = findingsOf(spec('', 'sessionid'))
  test('survives lines before it and another indentation', () => {
    const moved = spec('# a comment\n\n', 'sessionid').replace('affinity: {', 'affinity:   {')
    expect(findingsOf(moved).map(({ fingerprint }) => fingerprint)).toEqual([finding?.fingerprint])
  })
  test('changes with its line', () => {
    expect(findingsOf(spec('', 'sid'))[0]?.fingerprint).not.toBe(finding?.fingerprint)
  })
  test('two equal lines have two', () => {
    const twice = asFindings([finding, finding].filter((each) => each !== undefined))
    expect(new Set(twice.map(({ fingerprint }) => fingerprint)).size).toBe(2)
  })
})

describe('a baseline', () => {
  const findings = findingsOf(spec('', 'sessionid'))
  test('hides its findings only, and counts those that are gone', () => {
    const baseline = readBaseline(formatBaseline(findings)) ?? { fingerprints: new Set() }
    const others = findingsOf(spec('', 'sid'))
    expect(compareWithBaseline(findings, baseline)).toEqual({ fresh: [], known: findings, gone: 0 })
    expect(compareWithBaseline(others, baseline)).toEqual({ fresh: others, known: [], gone: 1 })
  })
  test.each(['', 'null', '[]', '{"formatVersion":2,"findings":[]}', '{"formatVersion":1}'])(
    '%j is none',
    (text) => {
      expect(readBaseline(text)).toBeNull()
    },
  )
  test('an empty one can be read', () => {
    expect(readBaseline(formatBaseline([]))?.fingerprints.size).toBe(0)
  })
})

test('of edits that overlap, the first is made', () => {
  const edit = (start: number, end: number): TextEdit => ({ start, end, text: 'x' })
  const [base] = findingsOf(spec('', 'sessionid'))
  const withFix = (...fix: readonly TextEdit[]): Finding => {
    if (base === undefined) throw new Error('no finding')
    return { ...base, fix }
  }
  const edits = [withFix(edit(2, 5)), withFix(edit(4, 6)), withFix(edit(2, 5)), withFix(edit(5, 7))]
  expect(fixesOf(edits)).toEqual([edit(2, 5), edit(5, 7)])
})
