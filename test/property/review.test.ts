import { expect, test } from 'vitest'
import { type Compilation, readSpec, resolveSpec } from '../../src/core/pipeline.ts'
import { changeOf } from '../../src/core/review/changes/describe.ts'
import { specDifferences } from '../../src/core/review/changes/differences.ts'
import { matchClusters } from '../../src/core/review/match.ts'
import type { Change } from '../../src/core/review/review.ts'
import { fieldsOf, withValue } from './effects/fields.ts'
import { examples } from './effects/specs.ts'

const resolved = (data: unknown): Compilation =>
  resolveSpec(readSpec('sessctl.yaml', JSON.stringify(data)), {})

/** null: one of them cannot be read. */
const changesBetween = (before: Compilation, after: Compilation): readonly Change[] | null => {
  if (before.spec === null || after.spec === null) return null
  if (before.cluster === null || after.cluster === null) return null
  const specs = { before: before.spec, after: after.spec }
  const matches = matchClusters(before.cluster, after.cluster)
  return specDifferences(specs, matches).map((difference) => changeOf(difference, specs))
}

/** What the spec means, without its places. */
const meaning = ({ cluster }: Compilation): string =>
  JSON.stringify(cluster, (key, value: unknown) =>
    key === 'path' || key.endsWith('Path') ? undefined : value instanceof Set ? [...value] : value,
  )

test('each field that is changed is a change of the review', { timeout: 600_000 }, () => {
  const left: string[] = []
  const seen = new Set<string>()
  for (const { spec, name } of examples) {
    const before = resolved(spec)
    for (const { path, values } of fieldsOf(spec)) {
      const field = path.join('.')
      if (seen.has(field)) continue
      seen.add(field)
      for (const value of values) {
        const after = resolved(withValue(spec, path, value))
        const changes = changesBetween(before, after)
        if (changes === null || meaning(before) === meaning(after)) continue
        if (changes.length === 0) left.push(`${field}: ${JSON.stringify(value)} (${name})`)
        for (const { text } of changes) expect(text).not.toMatch(/undefined|\[object/)
        // One other value shows it.
        break
      }
    }
  }
  expect(left).toEqual([])
  expect(seen.size).toBeGreaterThan(150)
})
