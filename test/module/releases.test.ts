import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { moduleDir } from '../../scripts/nginx/digest.mjs'
import { releases } from '../../scripts/nginx/variants.mjs'

const sources = readdirSync(moduleDir).filter((name) => /\.[ch]$/.test(name))

const textOf = (name: string): string => readFileSync(join(moduleDir, name), 'utf8')

/** What `#if` looks at, but for what a build of any release can have or lack. */
const conditionsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^#(?:el)?if(?:def|ndef)? +(.*)$/gm)]
    .flatMap(([, condition = '']) => condition.replace(/[()!]/g, '').split(/ *(?:&&|\|\|) */))
    .filter((part) => !/^(?:_NGX_\w+_INCLUDED_|NGX_LINUX|NGX_HTTP_CACHE|NGX_HTTP_SSL)$/.test(part))

interface Row {
  readonly condition: string
  /** Of nginx: the first with the newer side; null: no release decides. */
  readonly since: string | null
  readonly older: readonly string[]
  readonly newer: readonly string[]
}

const listed = (cell: string): readonly string[] => cell.match(/\d+\.\d+/g) ?? []

/** The table in module/README.md. */
const rows = [
  ...(textOf('README.md').split('\n## Releases of nginx\n')[1] ?? '').matchAll(
    /^\| `([^`]+)` \|([^|]*)\|[^|]*\|([^|]*)\|([^|]*)\|$/gm,
  ),
].map(
  ([, condition = '', since = '', older = '', newer = '']): Row => ({
    condition,
    since: /^\d+\.\d+\.\d+$/.test(since.trim()) ? since.trim() : null,
    older: listed(older),
    newer: listed(newer),
  }),
)

/** As nginx_version has it: 1.9.11 is 1009011. */
const numberOf = (release: string): number => {
  const [major = 0, minor = 0, patch = 0] = release.split('.').map(Number)
  return major * 1_000_000 + minor * 1000 + patch
}

/** The last release of each line that the tests build. */
const built = releases.map((line) => ({ line, number: numberOf(`${line}.999`) }))

describe('each release that the module tests with #if', () => {
  test('is in the table of module/README.md, and no other is', () => {
    const used = new Set(sources.flatMap((name) => conditionsOf(textOf(name))))
    expect(rows.map(({ condition }) => condition).sort()).toEqual([...used].sort())
  })

  const decided = rows.filter(({ since }) => since !== null)

  test.each(decided.map((row) => [row.condition, row] as const))('%s', (condition, row) => {
    const since = numberOf(row.since ?? '')
    const written = /nginx_version (<|>=) (\d+)/.exec(condition)?.[2]
    if (written !== undefined) expect(Number(written)).toBe(since)
    const isNewer = ({ number }: { readonly number: number }): boolean => number >= since
    expect(row.newer).toEqual(built.filter(isNewer).map(({ line }) => line))
    expect(row.older).toEqual(built.filter((each) => !isNewer(each)).map(({ line }) => line))
  })
})

test('no file of the module is longer than 1,000 lines', () => {
  for (const name of sources)
    expect([name, textOf(name).split('\n').length <= 1000]).toEqual([name, true])
})
