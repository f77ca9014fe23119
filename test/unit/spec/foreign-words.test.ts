import { describe, expect, test } from 'vitest'
import { readSpec } from '../../../src/core/pipeline.ts'
import { balancingWords } from '../../../src/core/spec/foreign-words/balancing.ts'
import { otherWords } from '../../../src/core/spec/foreign-words/others.ts'
import { storeWords } from '../../../src/core/spec/foreign-words/stores.ts'

const spec = (
  upstream: string,
  nginx = 'version: "1.30.6"',
  store = 'kind: redis, addresses: [10.0.0.3:6379]',
) =>
  `version: 1
name: shop
targets: { nginx: { ${nginx} } }
upstreams:
  shop:
    servers: { a: 10.0.0.1:8080 }
    ${upstream}
stores:
  main: { ${store} }
`

const errors = (text: string) =>
  readSpec('sessctl.yaml', text).diagnostics.map(({ message, help }) => ({ message, help }))

/** One diagnostic, which does not list what is allowed; its remedy as it would be written. */
const remedyOf = (text: string): string => {
  const found = errors(text)
  expect(found).toHaveLength(1)
  const help = found[0]?.help ?? ''
  expect(help).not.toMatch(/one of:|did you mean|known here/)
  const written = /(?:write|and write) (\w+: (?:\{.*?\}(?=,|$)|\[[^\]]*\]|[\w-]+))/.exec(help)?.[1]
  return written ?? `no edit in: ${help}`
}

const wordsOf = (table: object): readonly string[] =>
  Object.keys(table).flatMap((words) => words.split(' '))

describe('terms of other programs are reported with a remedy, which is accepted', () => {
  const balancing = wordsOf(balancingWords)
  const ours = ['round_robin', 'least_conn', 'random']
  const methods = ['jvm_route', 'ip_hash', 'hash', 'sticky']

  test.each(balancing.filter((word) => !ours.includes(word)))('balance: %s', (word) => {
    expect(errors(spec(remedyOf(spec(`balance: ${word}`))))).toEqual([])
  })

  test.each(balancing.filter((word) => !methods.includes(word)))(
    'affinity: { method: %s }',
    (word) => {
      if (['cookie', 'learn', 'route'].includes(word)) return
      expect(errors(spec(remedyOf(spec(`affinity: { method: ${word} }`))))).toEqual([])
    },
  )

  test.each(balancing)('%s: as a key', (word) => {
    expect(errors(spec(remedyOf(spec(`"${word}": x`))))).toEqual([])
  })

  test.each(
    Object.entries(storeWords).flatMap(([runtime, table]) =>
      wordsOf(table).map((word) => [runtime, word] as const),
    ),
  )('%s, store: %s', (runtime, word) => {
    const app = (store: string) =>
      spec(`app: { runtime: ${runtime}, version: "9.0.122", sessions: { ${store} } }`)
    const remedy = remedyOf(app(`store: ${word}, use: main`))
    if (remedy.startsWith('app:')) return
    const needs = /redisson|tomcat-redis|memcache|spring-session|redis|cache|jdbc/.test(remedy)
    const folder = remedy === 'store: file' ? ', directory: /srv/sessions' : ''
    expect(errors(app(`${remedy}${needs ? ', use: main' : folder}`))).toEqual([])
  })

  test.each([
    ['flavor', (value: string) => spec('', `version: "3.2.0", ${value}`)],
    [
      'modules',
      (value: string) =>
        spec(
          /balance/.test(value) ? value : '',
          `version: "1.30.6"${/balance/.test(value) ? '' : `, ${value}`}`,
        ),
    ],
    [
      'mode',
      (value: string) => spec('', undefined, `kind: redis, addresses: [10.0.0.3:6379], ${value}`),
    ],
    [
      'state',
      (value: string) => spec('').replace('10.0.0.1:8080', `{ address: 10.0.0.1:8080, ${value} }`),
    ],
    ['on', (value: string) => spec(`nextUpstream: { ${value} }`)],
    ['onFailure', (value: string) => spec(`affinity: { method: jvm_route, ${value} }`)],
    [
      'eviction',
      (value: string) => spec('', undefined, `kind: redis, addresses: [10.0.0.3:6379], ${value}`),
    ],
    [
      'membership',
      (value: string) =>
        spec(`app: { runtime: tomcat, version: "9.0.122", sessions: { store: delta, ${value} } }`),
    ],
  ] as const)('%s', (field, write) => {
    const isList = field === 'modules' || field === 'on'
    for (const word of wordsOf(otherWords[field] ?? {})) {
      const remedy = remedyOf(write(isList ? `${field}: ["${word}"]` : `${field}: "${word}"`))
      expect(errors(write(remedy)), `${word}: ${remedy}`).toEqual([])
    }
  })

  test('a discontinued store has its own code', () => {
    const text = spec(
      'app: { runtime: tomcat, version: "9.0.122", sessions: { store: terracotta } }',
    )
    expect(readSpec('sessctl.yaml', text).diagnostics.map(({ code }) => code)).toEqual([
      'store-discontinued',
    ])
  })

  test.each([
    ['servers: { a: 10.0.0.1 }', 'add the port, such as 10.0.0.1:8080'],
    ['servers: { a: { address: tomcat01 } }', 'add the port, such as tomcat01:8080'],
    [
      'servers: { a: { address: 10.0.0.1:80, weight: 0 } }',
      'write state: drain (only requests of existing sessions) or state: down (no requests)',
    ],
    ['balance: { hash: { key: $request_uri } }', 'write hash: $request_uri'],
  ])('%s', (upstream, help) => {
    const base = `version: 1\nname: shop\ntargets: {}\nupstreams: { shop: { ${upstream.startsWith('servers') ? '' : 'servers: { a: 10.0.0.1:80 }, '}${upstream} } }\n`
    expect(errors(base).map((found) => found.help)).toEqual([help])
  })

  test.each(['443 ssl http2', '443 ssl', '0.0.0.0:443 ssl', '443 http2'])(
    'listen: %s',
    (listen) => {
      const text = (value: string) =>
        `version: 1\nname: shop\ntargets: {}\nfrontends: { web: { listen: [${value}], locations: [{ match: /, root: /srv }] } }\nupstreams: {}\n`
      const [found] = errors(text(`"${listen}"`))
      expect(found?.help).toContain('tls: {')
      expect(errors(text(found?.help?.replace('write ', '') ?? ''))).toEqual([])
    },
  )
})
