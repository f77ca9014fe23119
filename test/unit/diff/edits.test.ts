import { describe, expect, test } from 'vitest'
import { type Edit, editsOf, linesOf } from '../../../src/core/diff/edits.ts'
import { hunksOf } from '../../../src/core/diff/hunks.ts'
import { fc } from '../../support/fast-check.ts'

/** The text after the edits are applied. */
const applied = (
  before: readonly string[],
  after: readonly string[],
  edits: readonly Edit[],
): readonly string[] => {
  const out: string[] = []
  let at = 0
  for (const { oldStart, oldEnd, newStart, newEnd } of edits) {
    out.push(...before.slice(at, oldStart), ...after.slice(newStart, newEnd))
    at = oldEnd
  }
  return [...out, ...before.slice(at)]
}

const size = (edits: readonly Edit[]): number =>
  edits.reduce(
    (sum, { oldStart, oldEnd, newStart, newEnd }) => sum + oldEnd - oldStart + newEnd - newStart,
    0,
  )

/** The length of the longest common part, the slow and certain way. */
const commonLength = (a: readonly string[], b: readonly string[]): number => {
  let row = new Array<number>(b.length + 1).fill(0)
  for (const x of a) {
    const next = [0]
    for (const [j, y] of b.entries())
      next.push(x === y ? (row[j] ?? 0) + 1 : Math.max(row[j + 1] ?? 0, next[j] ?? 0))
    row = next
  }
  return row.at(-1) ?? 0
}

const fewLines = fc.array(fc.constantFrom('a\n', 'b\n', 'c\n', '}\n', '\n'), { maxLength: 40 })

describe('editsOf', () => {
  test('the edits lead from one text to the other, and are the fewest lines possible', () => {
    fc.assert(
      fc.property(fewLines, fewLines, (before, after) => {
        const edits = editsOf(before, after)
        expect(applied(before, after, edits)).toEqual(after)
        expect(size(edits)).toBe(before.length + after.length - 2 * commonLength(before, after))
      }),
      { numRuns: 3000 },
    )
  })

  test('equal texts have no edits', () => {
    expect(editsOf(['a\n', 'b'], ['a\n', 'b'])).toEqual([])
    expect(editsOf([], [])).toEqual([])
  })

  test('a missing final line end is a change', () => {
    expect(editsOf(linesOf('a\nb'), linesOf('a\nb\n'))).toEqual([
      { oldStart: 1, oldEnd: 2, newStart: 1, newEnd: 2 },
    ])
  })

  // Compared line by line with all others, they would take longer than any test may.
  test('10,000 blocks with one changed line each: only these lines', () => {
    const block = (index: number, weight: number) => [
      `upstream tomcat${index} {\n`,
      `  server 10.0.0.${index}:8090 weight=${weight};\n`,
      '  keepalive 8;\n',
      '}\n',
    ]
    const all = (weight: number) =>
      Array.from({ length: 10_000 }, (_, i) => block(i, weight)).flat()
    const [before, after] = [all(1), all(2)]
    const edits = editsOf(before, after)
    expect(edits.length).toBe(10_000)
    expect(size(edits)).toBe(20_000)
    expect(applied(before, after, edits)).toEqual(after)
  })

  test('long texts without a common line, or with all lines equal', () => {
    const before = Array.from({ length: 20_000 }, (_, i) => `a${i}\n`)
    const after = Array.from({ length: 20_000 }, (_, i) => `b${i}\n`)
    expect(editsOf(before, after).length).toBe(1)
    const same = new Array<string>(20_000).fill('x\n')
    expect(size(editsOf(same, [...same, 'x\n']))).toBe(1)
    const mixed = before.map((line, i) => (i % 2 === 0 ? 'x\n' : line))
    const others = after.map((line, i) => (i % 2 === 0 ? 'x\n' : line))
    expect(applied(mixed, others, editsOf(mixed, others))).toEqual(others)
  })

  test('moved blocks of a long text', () => {
    const lines = Array.from({ length: 6_000 }, (_, i) => `server${i}\n`)
    const moved = [...lines.slice(3_000), ...lines.slice(0, 3_000)]
    const edits = editsOf(lines, moved)
    expect(applied(lines, moved, edits)).toEqual(moved)
    expect(size(edits)).toBe(6_000)
  })
})

describe('hunksOf', () => {
  test('every hunk is valid in a unified diff', () => {
    fc.assert(
      fc.property(fewLines, fewLines, fc.nat({ max: 5 }), (before, after, context) => {
        const edits = editsOf(before, after)
        let [oldAt, newAt] = [0, 0]
        for (const hunk of hunksOf(edits, context, before.length)) {
          const oldFirst = hunk.oldStart - (hunk.oldLines === 0 ? 0 : 1)
          const newFirst = hunk.newStart - (hunk.newLines === 0 ? 0 : 1)
          expect(oldFirst).toBeGreaterThanOrEqual(oldAt)
          expect(newFirst).toBeGreaterThanOrEqual(newAt)
          const olds = hunk.lines.flatMap((line) => line.oldAt ?? [])
          const news = hunk.lines.flatMap((line) => line.newAt ?? [])
          expect(olds).toEqual(Array.from({ length: hunk.oldLines }, (_, i) => oldFirst + i))
          expect(news).toEqual(Array.from({ length: hunk.newLines }, (_, i) => newFirst + i))
          for (const line of hunk.lines)
            if (line.kind === 'context')
              expect(before[line.oldAt ?? -1]).toBe(after[line.newAt ?? -1])
          oldAt = oldFirst + hunk.oldLines
          newAt = newFirst + hunk.newLines
        }
      }),
      { numRuns: 2000 },
    )
  })
})

describe('hostile files take linear time and give a correct result', () => {
  const lines = (count: number, line: (index: number) => string): readonly string[] =>
    linesOf(Array.from({ length: count }, (_, index) => line(index)).join(''))
  type Sides = readonly [before: readonly string[], after: readonly string[]]
  const few = ['x\n', 'y\n', 'z\n'] as const
  const shapes: Readonly<Record<string, (count: number) => Sides>> = {
    'a long search between each two lines that stay': (count) => [
      lines(count, (at) => (at % 1500 === 0 ? `k${at}\n` : (few[(at * 31) % 2] ?? ''))),
      lines(count, (at) => (at % 1500 === 0 ? `k${at}\n` : (few[1 + ((at * 17) % 2)] ?? ''))),
    ],
    'a line that is there once only after each cut': (count) => [
      lines(count / 4, (at) => `u${at + 2}\nx\nu${at + 1}\nx\n`),
      lines(count / 4, (at) => `u${at + 2}\ny\nu${at + 1}\ny\n`),
    ],
    'every line changed': (count) => [
      lines(count, (at) => `a${at}\n`),
      lines(count, (at) => `b${at}\n`),
    ],
    'all lines in another order': (count) => [
      lines(count, (at) => `a${at}\n`),
      lines(count, (at) => `a${(at * 7919) % count}\n`),
    ],
  }
  test.each(Object.entries(shapes))('%s', (_, sidesOf) => {
    const [before, after] = sidesOf(100_000)
    const started = process.cpuUsage()
    const edits = editsOf(before, after)
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(4000)
    expect(applied(before, after, edits)).toEqual(after)
  })
})
