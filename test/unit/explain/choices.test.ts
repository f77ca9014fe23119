import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { formOf } from '../../../src/core/dialects/choice.ts'
import { explain } from '../../../src/core/explain/explain.ts'
import { insideOnly } from '../../../src/core/outside.ts'
import { compile, readSpec, resolveSpec } from '../../../src/core/pipeline.ts'

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

const explained = (text: string, path: readonly string[] = []) => {
  const resolved = resolveSpec(readSpec('sessctl.yaml', text), {})
  if (resolved.cluster === null) throw new Error('the spec is invalid')
  const compiled = compile(resolved, insideOnly(new Map()), null)
  return explain(path, compiled, resolved.cluster)
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
    const { upstreams } = explained(readFileSync(spec, 'utf8'))
    const written = writtenIn(expected)
    const choices = upstreams.flatMap((upstream) => upstream.choices)
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

const considered = (...args: Parameters<typeof shop>) =>
  explained(shop(...args)).upstreams[0]?.choices[0]?.considered.map(
    ({ form, refusal }) => `${form}: ${refusal ?? 'used'}`,
  )

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
