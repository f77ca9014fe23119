import { describe, expect, test } from 'vitest'
import { inOrder } from '../../../src/core/dialects/location-order.ts'
import type { Location } from '../../../src/core/model/cluster.ts'
import { fc } from '../../support/fast-check.ts'
import { fileLocation } from '../../support/file-location.ts'

type Kind = Location['match']['kind']

const locationOf = (kind: Kind, pattern: string): Location => fileLocation({ kind, pattern })

const pathOf = fc
  .array(fc.constantFrom('/', 'a', 'b'), { maxLength: 6 })
  .map((parts) => `/${parts.join('')}`)

/** Different matches in any order, as the model accepts them. */
const locationsOf = fc
  .uniqueArray(fc.tuple(fc.constantFrom<Kind>('prefix', '^~'), pathOf), {
    selector: ([kind, path]) => `${kind} ${path}`,
    maxLength: 12,
  })
  .map((matches) => matches.map(([kind, path]) => locationOf(kind, path)))

describe('what follows a prefix', () => {
  test('matches where any longer plain prefix does, and none of it is redundant', () => {
    fc.assert(
      fc.property(locationsOf, pathOf, (locations, path) => {
        for (const { location, longer } of inOrder(locations)) {
          const { kind, pattern } = location.match
          const all = locations
            .filter(({ match }) => match.kind === 'prefix' && match.pattern.length > pattern.length)
            .map(({ match }) => match.pattern)
            .filter((other) => other.startsWith(pattern))
          const wanted = kind === '^~' && all.some((other) => path.startsWith(other))
          expect(longer.some((other) => path.startsWith(other))).toBe(wanted)
          for (const one of longer)
            expect(longer.filter((other) => one.startsWith(other))).toEqual([one])
        }
      }),
      { numRuns: 2000 },
    )
  })

  test('is found for thousands of nested prefixes', () => {
    const locations = Array.from({ length: 6000 }, (_, depth) =>
      locationOf(depth % 2 === 0 ? '^~' : 'prefix', '/x'.repeat(depth + 1)),
    )
    const ordered = inOrder(locations)
    expect(ordered.filter(({ longer }) => longer.length === 1)).toHaveLength(3000)
  })
})
