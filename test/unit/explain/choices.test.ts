import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { formOf } from '../../../src/core/dialects/choice.ts'
import { dialects } from '../../../src/core/dialects/index.ts'
import { costsOf } from '../../../src/core/explain/costs.ts'
import { choicesFor } from '../../../src/core/explain/explain.ts'
import { measures } from '../../../src/core/explain/measures.ts'
import type { Cluster } from '../../../src/core/model/cluster.ts'
import { readSpec, resolveSpec } from '../../../src/core/pipeline.ts'

const fixtures = fileURLToPath(new URL('../../../fixtures/', import.meta.url))

/** Every spec with the files that it leads to. */
const cases = [
  ...readdirSync(join(fixtures, 'cases')).map((name) => ({
    name,
    spec: join(fixtures, 'cases', name, 'sessctl.yaml'),
    expected: join(fixtures, 'cases', name, 'expected'),
  })),
  ...readdirSync(join(fixtures, 'specs'))
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => ({
      name: file,
      spec: join(fixtures, 'specs', file),
      expected: join(fixtures, 'expected', file.replace(/\.yaml$/, '')),
    })),
]

const clusterOf = (text: string): Cluster => {
  const { cluster } = resolveSpec(readSpec('sessctl.yaml', text), {})
  if (cluster === null) throw new Error('the spec is invalid')
  return cluster
}

/** The text of all files of a folder. */
const writtenIn = (folder: string): string =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'diagnostics.txt')
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n')

/** What a form looks like in the files, by its name. */
const marks: readonly (readonly [name: RegExp, mark: (...parts: string[]) => string])[] = [
  [/^the jvm_route module$/, () => '  jvm_route $cookie_'],
  [/^the built-in "(sticky \w+)" of /, (directive = '') => `  ${directive} `],
  [/^maps and one upstream block per server$/, () => '~^'],
  [/^"userid" with "hash"$/, () => 'userid on;'],
  [/^"ip_hash"$/, () => '  ip_hash;'],
  [/^"hash"$/, () => '  hash '],
  [/^the session_sticky module$/, () => '  session_sticky cookie='],
  [/^the sticky-ng module$/, () => '  sticky name='],
  [/^load balancing without affinity$/, () => 'upstream '],
  [/^"(cookie \S+ \w+)"$/, (directive = '') => `  ${directive}`],
  [/^"use-server" with/, () => '  use-server %[var(txn.route)]'],
  [/^"stick-table" with/, () => '  stick store-response '],
  [/^"(balance [^"]+)"/, (directive = '') => `  ${directive}`],
  [/^"(stickysession=[^"]+)"/, (parameter = '') => parameter],
  [/^"(lbmethod=[^"]+)"/, (parameter = '') => parameter.replace('lbmethod=byrequests', 'Balancer')],
  [/^"session\.save_handler = (\w+)"$/, (handler = '') => `session.save_handler = "${handler}"`],
  [/^no sessions$/, () => ''],
  [/^SESSION_ENGINE = "(\S+)"$/, (engine = '') => engine],
  [/^Spring Session with (\w+)$/, () => 'spring.'],
  [/^(?:"jvmRoute", )?org\.apache\.catalina\.session\.StandardManager$/, () => '<Engine'],
  [/^(?:"jvmRoute", )?(\S+)$/, (manager = '') => `className="${manager}"`],
]

const markOf = (form: string): string => {
  for (const [name, mark] of marks) {
    const [all, ...parts] = name.exec(form) ?? []
    if (all !== undefined) return mark(...parts)
  }
  throw new Error(`no mark for the form ${form}`)
}

describe.each(cases)('$name', ({ spec, expected }) => {
  test('the form of each target is the one in its files', () => {
    const cluster = clusterOf(readFileSync(spec, 'utf8'))
    const written = writtenIn(expected)
    const choices = cluster.upstreams.flatMap((upstream) => choicesFor(cluster, upstream))
    expect(choices.length).toBeGreaterThan(0)
    for (const choice of choices) {
      const form = formOf(choice)
      // The earlier ones have a reason, and the last is used.
      expect(choice.considered.map(({ refusal }) => refusal === null)).toEqual([
        ...choice.considered.slice(1).map(() => false),
        true,
      ])
      expect(written, `${choice.target}: ${form}`).toContain(markOf(form ?? ''))
    }
  })
})

const shop = (nginx: string, affinity: string, more = '') => `
version: 1
name: shop
targets: { nginx: ${nginx} }
frontends: { web: { listen: [80], locations: [{ match: /, upstream: shop }] } }
upstreams:
  shop:
    affinity: ${affinity}
    servers: { a: "10.0.0.1:8080", b: { address: "10.0.0.2:8080"${more} } }
`

const firstChoice = (...args: Parameters<typeof shop>) => {
  const cluster = clusterOf(shop(...args))
  const [upstream] = cluster.upstreams
  return upstream === undefined ? undefined : choicesFor(cluster, upstream)[0]
}

const considered = (...args: Parameters<typeof shop>) =>
  firstChoice(...args)?.considered.map(({ form, refusal }) => `${form}: ${refusal ?? 'used'}`)

test('each form has figures for its costs', () => {
  const seen = new Set<string>()
  for (const { spec } of cases) {
    const cluster = clusterOf(readFileSync(spec, 'utf8'))
    for (const upstream of cluster.upstreams)
      for (const target of cluster.targets) {
        const choice = dialects[target.dialect].choose(cluster, upstream)
        const form = choice === null ? null : formOf(choice)
        if (form === null) continue
        // The release, and the name of a cookie, make no other form.
        const name = form.replace(/[\d.]+|(?<=cookie )\S+|(?<=stickysession=)[^"]+/g, '')
        if (seen.has(name)) continue
        seen.add(name)
        const costs = costsOf(cluster, upstream, target)
        for (const { name: measure, unit, of } of measures) {
          const figure = costs === null ? Number.NaN : of(costs)
          expect(figure, `${form}: ${measure}`).toBeGreaterThanOrEqual(0)
          if (unit !== 'times') expect(figure).toBeLessThanOrEqual(1)
        }
      }
  }
  expect(seen.size).toBeGreaterThan(15)
})

describe('what was tried before', () => {
  test('each form says what it lacks', () => {
    expect(considered('{ version: "1.26.3" }', '{ method: jvm_route }')).toEqual([
      'the jvm_route module: it needs modules: [jvm_route]',
      'the built-in "sticky route" of nginx 1.26.3: it needs nginx 1.29.6',
      'maps and one upstream block per server: used',
    ])
  })
  test('a requested form is said to be requested', () => {
    expect(
      considered('{ version: "1.30.6", modules: [jvm_route] }', '{ method: jvm_route, via: maps }'),
    ).toEqual([
      'the jvm_route module: the spec requests via: maps',
      'the built-in "sticky route" of nginx 1.30.6: the spec requests via: maps',
      'maps and one upstream block per server: used',
    ])
  })
  test('a form that does not support a setting is refused with the words of the diagnostic', () => {
    expect(considered('{ version: "1.30.6" }', '{ method: jvm_route, onFailure: strict }')).toEqual(
      [
        'the jvm_route module: it needs modules: [jvm_route]',
        'the built-in "sticky route" of nginx 1.30.6: the built-in "sticky route" of nginx 1.30.6 does not support "strict": it always chooses another server',
        'maps and one upstream block per server: used',
      ],
    )
  })
  test('no form is used where none is possible', () => {
    expect(considered('{ version: "1.26.3" }', '{ method: ip_hash }', ', state: backup')).toEqual([
      '"ip_hash": "ip_hash" does not support backup servers, such as "b"',
    ])
  })
})
