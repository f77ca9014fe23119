import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const rootOf = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url))

const rows = readFileSync(rootOf('docs/prove.md'), 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, name = '', ...cells] = /^\| \[([^\]]+)\]\([^)]+\) \|(.*)\|$/.exec(line) ?? []
    return name === ''
      ? []
      : [[name, (cells[0] ?? '').split('|').map((cell) => cell.trim())] as const]
  })

/** null: not measured. */
const shareOf = (cell = ''): number | null =>
  /^[\d.]+%$/.test(cell) ? Number.parseFloat(cell) : null

test('docs/prove.md has a row for every review', () => {
  expect(rows.map(([name]) => name)).toEqual(readdirSync(rootOf('fixtures/reviews')).sort())
})

test.each(rows)('%s: predicted and measured differ by at most 2 percentage points', (_, cells) => {
  const [, predictedMove, measuredMove, , predictedLoss, measuredLoss] = cells.map(shareOf)
  const pairs = [
    [predictedMove, measuredMove],
    [predictedLoss, measuredLoss],
  ] as const
  for (const [predicted, measured] of pairs)
    expect(Math.abs((predicted ?? Number.NaN) - (measured ?? Number.NaN))).toBeLessThanOrEqual(2)
})
