import { expect, test } from 'vitest'
import { compileText } from '../support/compile.ts'
import { fc } from '../support/fast-check.ts'
import { patience, runs } from './assert-property.ts'

const sessions = {
  file: '{ store: file, directory: /srv/sessions }',
  jdbc: '{ store: jdbc, use: db }',
  delta: '{ store: delta }',
  backup: '{ store: backup, membership: multicast }',
  'static-service': '{ store: delta, membership: static-service }',
  redisson: '{ store: redisson, use: redis }',
  memcached: '{ store: memcached, use: memory }',
} as const

const spec = (store: keyof typeof sessions, bases: string): string => `version: 1
name: shop
targets: { nginx: { version: "1.26.3" } }
frontends: { web: { listen: [80], locations: [{ match: /, upstream: shop }] } }
upstreams:
  shop:
    affinity: { method: jvm_route }
    servers: { tomcat01: "10.0.0.1:8080", tomcat02: "10.0.0.2:8080" }
    app: { runtime: tomcat, version: "9.0.122"${bases}, sessions: ${sessions[store]} }
stores:
  redis: { kind: redis, addresses: ["10.0.0.5:6379"] }
  memory: { kind: memcached, servers: { n1: "10.0.0.6:11211" } }
  db: { kind: jdbc, url: "jdbc:postgresql://db/shop", username: shop, driver: org.postgresql.Driver }
`

const filesOf = (text: string, inputs = new Map<string, Uint8Array>()) => {
  const { artifacts, diagnostics } = compileText(text, inputs)
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  expect(errors).toEqual([])
  const find = (name: string) =>
    artifacts.find(({ path }) => path === `tomcat/tomcat01/conf/${name}`)?.text ?? ''
  return { server: find('server.xml'), context: find('context.xml') }
}

/** Attributes that no spec sets, in some of the tags, with any spaces and quotes. */
const sprinkled = (text: string, choices: readonly (readonly [number, string])[]): string => {
  const tags = [...text.matchAll(/<[A-Z]\w*(?=[\s/>])/g)]
  const marks = new Map<number, string>()
  for (const [nth, gap] of choices) {
    const tag = tags[nth % tags.length]
    if (tag === undefined) continue
    const at = tag.index + tag[0].length
    marks.set(at, `${gap}sprinkled='kept &amp; "safe"'`)
  }
  return [...marks]
    .toSorted(([a], [b]) => b - a)
    .reduce((one, [at, mark]) => one.slice(0, at) + mark + one.slice(at), text)
}

test(
  'keeps attributes that the spec does not set, and every byte of a file that needs no change',
  patience,
  () => {
    const draw = fc.tuple(
      fc.constantFrom(...(Object.keys(sessions) as (keyof typeof sessions)[])),
      fc.array(fc.tuple(fc.nat(40), fc.constantFrom(' ', '\n    ', '\t')), { maxLength: 12 }),
      fc.array(fc.tuple(fc.nat(10), fc.constantFrom(' ', '\n    ', '\t')), { maxLength: 5 }),
    )
    fc.assert(
      fc.property(draw, ([store, inServer, inContext]) => {
        const plain = filesOf(spec(store, ''))
        const server = sprinkled(plain.server, inServer)
        const context = sprinkled(plain.context, inContext)
        const encode = (text: string) => new TextEncoder().encode(text)
        const inputs = new Map([
          ['s.xml', encode(server)],
          ['c.xml', encode(context)],
        ])
        const edited = filesOf(spec(store, ', tomcat: { base: s.xml, contextBase: c.xml }'), inputs)
        expect(edited).toEqual({ server, context })
      }),
      { numRuns: Math.ceil(runs / 60) },
    )
  },
)
