import { expect, test } from 'vitest'
import { compileText } from '../support/compile.ts'
import { fc } from '../support/fast-check.ts'

const odd = fc.constantFrom(
  ...['CON', 'con', 'aux.txt', 'NUL', 'com1', 'Lpt9.x', '-rf', '--', 'a.', 'é', 'e\u0301', 'a b'],
)
const usual = fc.constantFrom(
  ...['a', 'A', 'shop', 'Shop', 'shop.sql', 'SHOP.sql', 'x.conf', 'web01', 'console', 'Web01'],
)
const name = fc.oneof(
  { weight: 1, arbitrary: odd },
  { weight: 8, arbitrary: usual },
  { weight: 4, arbitrary: fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,5}$/) },
)

const jdbc =
  '{ kind: jdbc, driver: org.postgresql.Driver, url: "jdbc:postgresql://10.0.0.9/s", username: u, password: { env: P } }'

const apps = [
  '{ runtime: tomcat, version: "9.0.122", sessions: { store: jdbc, use: db } }',
  '{ runtime: spring, version: "3.2.0", sessions: { store: spring-session, use: redis } }',
  '{ runtime: php, version: "8.2", sessions: { store: redis, use: redis } }',
  '{ runtime: django, version: "4.2", sessions: { store: db } }',
]

interface Drawn {
  readonly cluster: string
  readonly upstreams: readonly {
    readonly name: string
    readonly servers: readonly string[]
    readonly app: string
  }[]
}

const drawn: fc.Arbitrary<Drawn> = fc.record({
  cluster: fc.constantFrom('shop', 'shop', 'shop', 'a', 'con', 'com1'),
  upstreams: fc.uniqueArray(
    fc.record({
      name,
      servers: fc.uniqueArray(name, { minLength: 1, maxLength: 3 }),
      app: fc.constantFrom(...apps),
    }),
    { minLength: 1, maxLength: 3, selector: (each) => each.name },
  ),
})

const textOf = ({ cluster, upstreams }: Drawn): string => {
  let host = 0
  const lines = upstreams.map(({ name: upstream, servers, app }) => {
    const list = servers.map((each) => `${JSON.stringify(each)}: 10.0.0.${++host}:8080`)
    return `  ${JSON.stringify(upstream)}: { affinity: { method: jvm_route }, servers: { ${list.join(', ')} }, app: ${app} }`
  })
  return `version: 1
name: ${JSON.stringify(cluster)}
targets: { nginx: { version: "1.26.3" }, haproxy: { version: "3.2.5" }, httpd: { version: "2.4.62" } }
stores: { db: ${jdbc}, redis: { kind: redis, addresses: ["10.0.0.8:6379"] } }
upstreams:
${lines.join('\n')}
`
}

const plain = (part: string): boolean =>
  !/^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i.test(part) &&
  !part.startsWith('-') &&
  !/[. ]$/.test(part) &&
  Buffer.byteLength(part) <= 255

test('artifacts of an accepted spec are different files on every file system', () => {
  const seen = { written: 0, refused: 0 }
  const property = fc.property(drawn, (spec) => {
    const { artifacts } = compileText(textOf(spec))
    seen[artifacts.length === 0 ? 'refused' : 'written'] += 1
    const paths = artifacts.map(({ path }) => path)
    const keys = paths.map((path) => path.normalize('NFC').toLowerCase())
    expect([...new Set(keys)]).toEqual(keys)
    // A file is no folder of another one, and a folder has one spelling.
    const folders = paths.flatMap((path) =>
      path
        .split('/')
        .slice(0, -1)
        .map((_, index, parts) => parts.slice(0, index + 1).join('/')),
    )
    const spellings = new Set(folders)
    expect(new Set([...spellings].map((each) => each.toLowerCase())).size).toBe(spellings.size)
    expect(keys.filter((key) => spellings.has(key))).toEqual([])
    expect(paths.filter((path) => !path.split('/').every(plain))).toEqual([])
  })
  fc.assert(property, { numRuns: 600, seed: 7 })
  expect(Math.min(seen.written, seen.refused)).toBeGreaterThan(15)
}, 120_000)
