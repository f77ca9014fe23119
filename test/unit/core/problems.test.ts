import { describe, expect, test } from 'vitest'
import { Findings } from '../../../src/core/diagnostics/findings.ts'
import { locate } from '../../../src/core/diagnostics/located.ts'
import { readSpec } from '../../../src/core/pipeline.ts'
import { validateSpec } from '../../../src/core/spec/validate.ts'
import { formatDiagnostics } from '../../../src/report/diagnostics.ts'
import { styleFor } from '../../../src/report/style.ts'

const said = (content: Uint8Array | string): string => {
  const { source, diagnostics } = readSpec('sessctl.yaml', content)
  return formatDiagnostics(locate(diagnostics, source), styleFor(false), 'all')
}

const codes = (content: Uint8Array | string): readonly string[] =>
  readSpec('sessctl.yaml', content).diagnostics.map(({ code }) => code)

const spec = (upstream: string): string => `version: 1
name: shop
targets: { nginx: { version: "1.26.3" } }
upstreams:
  shop:
${upstream}
`

test('reports all problems at once, each with its place, its line, and a remedy', () => {
  expect(
    said(`version: 1
name: Shop
targets:
  ngnix: { version: "1.26.3" }
  nginx: { version: 1.26, flavor: angi, modules: [jvm_rout] }
frontends:
  web:
    listen: [80, 70000]
    locations:
      - { match: /, upstream: tomcat }
upstreams:
  tomcats:
    balance: roundrobin
    affinity: { method: jvmroute, cookie: "JSES SION" }
    servers:
      tomcat01: 192.168.33.10
      tomcat03: { address: "192.168.33.11:8090", weight: "2", wieght: 2, state: dwn }
    app: { runtime: tomcat, sessions: { store: redison } }
`),
  ).toMatchInlineSnapshot(`
    "sessctl.yaml:2:7: error[spec-value]: "Shop" must be a lower-case letter, then lower-case letters, digits or "-"
        2 | name: Shop
          |       ^^^^
          = see: https://github.com/sessctl/sessctl/blob/main/docs/rules/spec-file.md#spec-value
    sessctl.yaml:4:3: error[spec-unknown-key]: unknown key "ngnix" in targets
        4 |   ngnix: { version: "1.26.3" }
          |   ^^^^^
          = help: did you mean "nginx"?
          = see: https://github.com/sessctl/sessctl/blob/main/docs/rules/spec-file.md#spec-unknown-key
    sessctl.yaml:5:21: error[spec-type]: "version" must be text, not a number
        5 |   nginx: { version: 1.26, flavor: angi, modules: [jvm_rout] }
          |                     ^^^^
          = help: put the value in quotes as it is written: without quotes, 1.30 is the number 1.3
          = see: https://github.com/sessctl/sessctl/blob/main/docs/rules/spec-file.md#spec-type
    sessctl.yaml:5:35: error[spec-value]: "angi" is not a value of "flavor"
        5 |   nginx: { version: 1.26, flavor: angi, modules: [jvm_rout] }
          |                                   ^^^^
          = help: did you mean "angie"? (one of: nginx, nginx-plus, angie, tengine, openresty)
    sessctl.yaml:5:51: error[spec-value]: "jvm_rout" is not a value of "modules"
        5 |   nginx: { version: 1.26, flavor: angi, modules: [jvm_rout] }
          |                                                   ^^^^^^^^
          = help: did you mean "jvm_route"? (one of: jvm_route, sticky-ng, session_sticky, upstream_check, vts)
    sessctl.yaml:8:18: error[spec-value]: 70000 is too large for "listen": at most 65535
        8 |     listen: [80, 70000]
          |                  ^^^^^
          = help: write 65535
    sessctl.yaml:13:14: error[spec-value]: "roundrobin" is another product's name for round-robin balancing
       13 |     balance: roundrobin
          |              ^^^^^^^^^^
          = help: write balance: round_robin
    sessctl.yaml:14:25: error[spec-value]: "jvmroute" is another product's name for affinity by the route in the session id
       14 |     affinity: { method: jvmroute, cookie: "JSES SION" }
          |                         ^^^^^^^^
          = help: write affinity: { method: jvm_route }
    sessctl.yaml:16:17: error[spec-value]: "192.168.33.10" must be "host:port" (letters, digits, ".", "_", "-"), "[ipv6]:port" or "unix:/path" (up to 101 letters, digits, "_./@+-")
       16 |       tomcat01: 192.168.33.10
          |                 ^^^^^^^^^^^^^
          = help: add the port, such as 192.168.33.10:8080
    sessctl.yaml:17:58: error[spec-type]: "weight" must be a number, not text
       17 |       tomcat03: { address: "192.168.33.11:8090", weight: "2", wieght: 2, state: dwn }
          |                                                          ^^^
          = help: write the value without quotes
    sessctl.yaml:17:63: error[spec-unknown-key]: unknown key "wieght" in upstreams.tomcats.servers.tomcat03
       17 |       tomcat03: { address: "192.168.33.11:8090", weight: "2", wieght: 2, state: dwn }
          |                                                               ^^^^^^
          = help: did you mean "weight"?
    sessctl.yaml:17:81: error[spec-value]: "dwn" is not a value of "state"
       17 |       tomcat03: { address: "192.168.33.11:8090", weight: "2", wieght: 2, state: dwn }
          |                                                                                 ^^^
          = help: did you mean "down"? (one of: up, drain, down, backup)
    sessctl.yaml:18:10: error[spec-missing-key]: "version" is missing
       18 |     app: { runtime: tomcat, sessions: { store: redison } }
          |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          = help: version: the Tomcat release, in quotes: "9.0.122"
          = see: https://github.com/sessctl/sessctl/blob/main/docs/rules/spec-file.md#spec-missing-key
    sessctl.yaml:18:48: error[spec-value]: "redison" is not a value of "store"
       18 |     app: { runtime: tomcat, sessions: { store: redison } }
          |                                                ^^^^^^^
          = help: did you mean "redisson"? (one of: none, local, file, jdbc, delta, backup, redisson, memcached, tomcat-redis)
    14 errors
    "
  `)
})

test('an invalid key does not hide problems after it', () => {
  const wrong = (server: string): string => said(spec(`    servers: { ${server} }`))
  expect(
    wrong('"tom cat": { addres: "10.0.0.1:80", weight: 0, state: dwn }'),
  ).toMatchInlineSnapshot(`
    "sessctl.yaml:6:16: error[spec-value]: the key "tom cat" must be letters, digits, "_" or "-", with single dots between them
        6 |     servers: { "tom cat": { addres: "10.0.0.1:80", weight: 0, state: dwn } }
          |                ^^^^^^^^^
          = see: https://github.com/sessctl/sessctl/blob/main/docs/rules/spec-file.md#spec-value
    sessctl.yaml:6:27: error[spec-missing-key]: "address" is missing
        6 |     servers: { "tom cat": { addres: "10.0.0.1:80", weight: 0, state: dwn } }
          |                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          = help: address: host:port, [ipv6]:port or unix:/path
          = see: https://github.com/sessctl/sessctl/blob/main/docs/rules/spec-file.md#spec-missing-key
    sessctl.yaml:6:29: error[spec-unknown-key]: unknown key "addres" in upstreams.shop.servers.tom cat
        6 |     servers: { "tom cat": { addres: "10.0.0.1:80", weight: 0, state: dwn } }
          |                             ^^^^^^
          = help: did you mean "address"?
          = see: https://github.com/sessctl/sessctl/blob/main/docs/rules/spec-file.md#spec-unknown-key
    sessctl.yaml:6:60: error[spec-value]: 0 is too small for "weight": at least 1
        6 |     servers: { "tom cat": { addres: "10.0.0.1:80", weight: 0, state: dwn } }
          |                                                            ^
          = help: write state: drain (only requests of existing sessions) or state: down (no requests)
    sessctl.yaml:6:70: error[spec-value]: "dwn" is not a value of "state"
        6 |     servers: { "tom cat": { addres: "10.0.0.1:80", weight: 0, state: dwn } }
          |                                                                      ^^^
          = help: did you mean "down"? (one of: up, drain, down, backup)
    5 errors
    "
  `)
  expect(wrong('"tom cat": 10.0.0.1')).toMatchInlineSnapshot(`
    "sessctl.yaml:6:16: error[spec-value]: the key "tom cat" must be letters, digits, "_" or "-", with single dots between them
        6 |     servers: { "tom cat": 10.0.0.1 }
          |                ^^^^^^^^^
          = see: https://github.com/sessctl/sessctl/blob/main/docs/rules/spec-file.md#spec-value
    sessctl.yaml:6:27: error[spec-value]: "10.0.0.1" must be "host:port" (letters, digits, ".", "_", "-"), "[ipv6]:port" or "unix:/path" (up to 101 letters, digits, "_./@+-")
        6 |     servers: { "tom cat": 10.0.0.1 }
          |                           ^^^^^^^^
          = help: add the port, such as 10.0.0.1:8080
    2 errors
    "
  `)
  expect(codes(spec('    servers: { "tom cat": "10.0.0.1:80" }'))).toEqual(['spec-value'])
})

test.each([
  ['1024m', []],
  ['999999k', []],
  ['999999999', []],
  ['1025m', ['spec-value']],
  ['1000000k', ['spec-value']],
  ['999999999m', ['spec-value']],
  ['1g', ['spec-value']],
])('a zone of %s: %j', (size, expected) => {
  expect(codes(spec(`    zone: "${size}"\n    servers: { a: "10.0.0.1:80" }`))).toEqual(expected)
})

describe('what is not a spec', () => {
  test.each([
    ['an empty file', '', ['spec-empty']],
    ['comments only', '# nothing\n', ['spec-empty']],
    ['a null document', '~\n', ['spec-empty']],
    ['a list', '- version: 1\n', ['spec-type']],
    ['text', 'hello\n', ['spec-type']],
    ['a tab as indentation', 'version: 1\n\tname: x\n', ['spec-syntax']],
    ['a duplicate key', 'version: 1\nversion: 1\n', ['spec-syntax']],
    ['two documents', 'version: 1\n---\nversion: 1\n', ['spec-syntax']],
    ['bytes that are not UTF-8', Uint8Array.of(0x61, 0x3a, 0xff), ['spec-encoding']],
    ['UTF-16', Uint8Array.of(0xff, 0xfe, 0x61, 0x00), ['spec-encoding']],
    ['nested 50,000 deep', '['.repeat(50_000), ['spec-syntax']],
    ['10 MB of nonsense', 'x'.repeat(10 * 1024 * 1024), ['spec-too-large']],
    ['7 MB of nonsense', '{]:-\n'.repeat(1_400_000), null],
  ])('%s', (_, content, expected) => {
    const found = codes(content)
    expect(found.length).toBeGreaterThan(0)
    expect(found.length).toBeLessThanOrEqual(20)
    if (expected !== null) expect(new Set(found)).toEqual(new Set(expected))
  })

  // Expanded, it would take longer than any test may.
  test('an alias bomb is not expanded', () => {
    const levels = ['a: &l0 [x, x, x, x, x, x, x, x, x, x]']
    for (let level = 1; level < 12; level++) {
      const items = Array.from({ length: 10 }, () => `*l${level - 1}`).join(', ')
      levels.push(`l${level}: &l${level} [${items}]`)
    }
    expect(codes(levels.join('\n'))).toEqual(['spec-alias-limit'])
  })
})

test.each(['a: &a [*a]', 'a: &a { b: { c: [*a] } }', 'a: &x { <<: *x }'])(
  'an alias to a parent of itself: %s',
  (text) => {
    expect(said(text)).toContain(
      'error[spec-syntax]: this alias is inside the value that it refers to',
    )
  },
)

test('a name that JavaScript would drop', () => {
  expect(said(spec('    servers: { __proto__: "10.0.0.1:80", web01: "10.0.0.1:81" }'))).toContain(
    'error[spec-value]: "__proto__" is not allowed as a name',
  )
})

describe('a valid spec can', () => {
  const good = spec('    servers: { web01: "10.0.0.1:80" }')
  test.each([
    ['start with a byte order mark', new TextEncoder().encode(`\uFEFF${good}`)],
    ['have CRLF line ends', good.replaceAll('\n', '\r\n')],
    [
      'be JSON',
      JSON.stringify({
        version: 1,
        name: 'a',
        targets: {},
        upstreams: { b: { servers: { c: 'd:80' } } },
      }),
    ],
    ['use aliases', `${good.replace('{ web01', '&s { web01')}  again: { servers: *s }\n`],
  ])('%s', (_, content) => {
    expect(codes(content)).toEqual([])
  })
})

test('CRLF is not part of the frame', () => {
  expect(said('version: 1\r\nnmae: shop\r\n')).not.toContain('\r')
})

test('control characters are not written to the terminal', () => {
  const bell = said('"a\\u001b[31mb": 1\nversion: 1\n')
  expect(/\p{Cc}/u.test(bell.replaceAll('\n', ''))).toBe(false)
})

test('more problems than a call can have arguments', () => {
  const servers = Object.fromEntries(
    Array.from({ length: 130_000 }, (_, index) => [`s${index}`, { adress: 1 }]),
  )
  const findings = new Findings()
  const data = { version: 1, name: 'x', targets: {}, upstreams: { app: { servers } } }
  expect(validateSpec(data, findings)).toBeNull()
  expect(findings.size).toBe(2000)
})
