import { expect, test } from 'vitest'
import { patternsOf } from '../../../src/core/dialects/httpd/hosts/expressions.ts'
import type { Location, Match } from '../../../src/core/model/cluster.ts'
import { fc } from '../../support/fast-check.ts'
import { fileLocation } from '../../support/file-location.ts'

const locationOf = (match: Match, index: number): Location =>
  fileLocation(match, ['frontends', 'web', 'locations', index])

/** JavaScript has no `(?s:…)`, and needs none for these paths. */
const matches = (expression: string, path: string): boolean =>
  new RegExp(expression.replaceAll('(?s:.*?)', '.*?')).test(path)

const path = fc
  .array(fc.constantFrom('a', 'b', 'a.b'), { maxLength: 4 })
  .map((parts) => `/${parts.join('/')}`)
const match: fc.Arbitrary<Match> = fc.oneof(
  fc.record({ kind: fc.constantFrom('prefix', '^~', '=' as const), pattern: path }),
  fc.record({
    kind: fc.constant('~' as const),
    pattern: fc.constantFrom('a', 'b$', '^/a', 'a/b|b/b', '/b/a$', '\\.'),
  }),
)
const locations = fc
  .uniqueArray(match, {
    maxLength: 7,
    selector: ({ kind, pattern }) => `${kind === '^~' ? 'prefix' : kind} ${pattern}`,
  })
  .map((all) => all.map(locationOf))

test('the first matching expression is the chosen location', () => {
  fc.assert(
    fc.property(locations, fc.array(path, { minLength: 5, maxLength: 20 }), (all, paths) => {
      const patterns = patternsOf(all)
      for (const each of paths) {
        const first = patterns.find(({ own }) => matches(own, each))
        const chosen = patterns.filter((pattern) => matches(pattern.chosen, each))
        expect(chosen).toEqual(first ? [first] : [])
      }
    }),
    { numRuns: 2000 },
  )
})

test('an expression that ignores case', () => {
  const [pattern] = patternsOf([locationOf({ kind: '~*', pattern: '\\.(gif|png)$' }, 0)])
  expect(pattern?.own).toBe('(?i)\\.(gif|png)$')
  expect(pattern?.chosen).toBe('^(?=(?s:.*?)(?i:\\.(gif|png)$))')
})
