import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { compileText } from '../support/compile.ts'
import { fc } from '../support/fast-check.ts'
import { patience, runs } from './assert-property.ts'
import { anyText } from './strings.ts'
import { treeOf } from './tree.ts'

const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url))

const files = readdirSync(fixtures, { recursive: true, encoding: 'utf8' }).filter((path) =>
  /^specs\/.*\.yaml$|\/sessctl\.yaml$/.test(path),
)

interface Example {
  readonly file: string
  readonly data: unknown
  readonly inputs: ReadonlyMap<string, Uint8Array>
}

const xmlIn = (folder: string): ReadonlyMap<string, Uint8Array> =>
  new Map(
    readdirSync(folder)
      .filter((name) => name.endsWith('.xml'))
      .map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))]),
  )

const examples: readonly Example[] = files.sort().map((file) => ({
  file,
  data: parse(readFileSync(join(fixtures, file), 'utf8')),
  inputs: xmlIn(dirname(join(fixtures, file))),
}))

type Change = (value: unknown) => readonly unknown[]

const textOf = (key: unknown): string => (typeof key === 'string' ? key : JSON.stringify(key))

/** Puts what the change makes of the n-th value of the data (keys of maps counted) in its place. */
const changed = (data: unknown, at: number, change: Change): unknown => {
  let left = at
  const visit = (value: unknown): readonly unknown[] => {
    if (left-- === 0) return change(value)
    if (Array.isArray(value)) return [value.flatMap(visit)]
    if (value === null || typeof value !== 'object') return [value]
    const entries = Object.entries(value).flatMap(([key, item]) => {
      const keys = left-- === 0 ? change(key) : [key]
      return keys.flatMap((name) => visit(item).map((one) => [textOf(name), one] as const))
    })
    return [Object.fromEntries(entries)]
  }
  return visit(data)[0]
}

const sizeOf = (data: unknown): number => {
  let size = 0
  const count = (value: unknown): void => {
    size += 1
    if (value !== null && typeof value === 'object') {
      for (const item of Object.values(value)) count(item)
      if (!Array.isArray(value)) size += Object.keys(value).length
    }
  }
  count(data)
  return size
}

/** Other values, and texts that are close to the one that is there. */
const changes: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(anyText, fc.nat(20)).map(
    ([text, at]): Change =>
      (value) =>
        typeof value === 'string' ? [value.slice(0, at) + text + value.slice(at)] : [text],
  ),
  fc.jsonValue({ maxDepth: 2 }).map(
    (other): Change =>
      () => [other],
  ),
  fc.constantFrom(-1, 0, 1, 65_536, 1e300, 0.5, '', null, true, [], {}).map(
    (other): Change =>
      () => [other],
  ),
  fc.constant<Change>(() => []),
  fc.constant<Change>((value) => [value, value]),
  fc.constant<Change>((value) => [[value]]),
)

/** Every error says where; what is written can be read. Nothing throws: that would be a bug. */
const check = ({ data, inputs }: Example, at: number, change: Change): 'written' | 'refused' => {
  const other = changed(data, at, change)
  const text = JSON.stringify(other === undefined ? null : other, null, 1)
  const { artifacts, diagnostics } = compileText(text, inputs)
  for (const { message, location } of diagnostics) {
    expect(location.line, message).toBeGreaterThan(0)
    expect(location.column, message).toBeGreaterThan(0)
  }
  for (const { path, bytes } of artifacts) treeOf(path, bytes)
  const isRefused = diagnostics.some(({ severity }) => severity === 'error')
  if (isRefused) expect(artifacts).toEqual([])
  return isRefused ? 'refused' : 'written'
}

test('any changed spec is rendered, or is refused with a place', patience, () => {
  const outcomes = { written: 0, refused: 0 }
  const drawn = fc.tuple(fc.nat(examples.length - 1), fc.nat(10_000), changes)
  fc.assert(
    fc.property(drawn, ([index, at, change]) => {
      const example = examples[index]
      if (example === undefined) throw new Error(`no example ${index}`)
      try {
        outcomes[check(example, at % sizeOf(example.data), change)] += 1
      } catch (cause) {
        const other = changed(example.data, at % sizeOf(example.data), change)
        throw new Error(`${example.file}: ${JSON.stringify(other).slice(0, 1500)}`, { cause })
      }
    }),
    { numRuns: runs },
  )
  expect(Math.min(outcomes.written, outcomes.refused)).toBeGreaterThan(runs / 20)
})
