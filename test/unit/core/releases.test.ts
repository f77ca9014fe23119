import { describe, expect, test } from 'vitest'
import { judgeRelease, type ProductName } from '../../../src/core/model/releases/index.ts'
import { insideOnly } from '../../../src/core/outside.ts'
import { compile, readSpec, resolveSpec } from '../../../src/core/pipeline.ts'
import { shown } from '../../support/compile.ts'

const said = (product: ProductName, text: string): string => {
  const judgement = judgeRelease(product, text)
  switch (judgement.kind) {
    case 'known':
      return 'known'
    case 'newer':
      return `newer than ${judgement.last}`
    case 'unknown':
      return `${judgement.message} (${judgement.help.split(';')[0]})`
  }
}

const table: readonly (readonly [ProductName, string, string])[] = [
  ['nginx', '1.8.1', 'known'],
  ['nginx', '1.18.0', 'known'],
  ['nginx', '1.26', 'known'],
  ['nginx', '1.26.3', 'known'],
  ['nginx', '1.30.6', 'known'],
  ['nginx', '1.31.4', 'known'],
  ['nginx', '0.8.54', 'known'],
  ['nginx', '1.30.8', 'newer than 1.30.7'],
  ['nginx', '1.31.39', 'newer than 1.31.9'],
  ['nginx', '1.32.0', 'newer than 1.31.9'],
  ['nginx', '1.35', 'newer than 1.31.9'],
  ['nginx', '1.36.0', 'there is no nginx 1.36.0 (write version: "1.30.7")'],
  ['nginx', '1.62', 'there is no nginx 1.62 (write version: "1.26")'],
  ['nginx', '1.62.0', 'there is no nginx 1.62.0 (write version: "1.26.3")'],
  ['nginx', '2.4', 'there is no nginx 2.4 (write version: "1.30")'],
  ['nginx', '2.4.58', 'there is no nginx 2.4.58 (write version: "1.30.7")'],
  ['nginx', '1', '"1" is not a release line of nginx (write version: "1.30")'],
  [
    'nginx',
    '1.18.5',
    'there is no nginx 1.18.5: the last release of 1.18 is 1.18.0 (write version: "1.18.0")',
  ],
  [
    'nginx',
    '1.30.99',
    'there is no nginx 1.30.99: the last release of 1.30 known to sessctl is 1.30.7 (write version: "1.30.7")',
  ],
  [
    'nginx',
    '1.5.20',
    'there is no nginx 1.5.20: the last release of 1.5 is 1.5.13 (write version: "1.30.7")',
  ],
  ['nginx', '1.26.3.1', 'there is no nginx 1.26.3.1 (write version: "1.30.7")'],
  ['nginx', 'R31', 'R31 is a release of NGINX Plus, not of nginx (write flavor: nginx-plus)'],
  ['nginx-plus', 'R31', 'known'],
  ['nginx-plus', 'r31', 'known'],
  ['nginx-plus', '31', 'known'],
  ['nginx-plus', 'R31 P1', 'known'],
  ['nginx-plus', 'R36-P8', 'known'],
  ['nginx-plus', '1.25.3', 'known'],
  ['nginx-plus', 'R37', 'known'],
  ['nginx-plus', 'PLS.37.0.4.1', 'known'],
  ['nginx-plus', 'R37.0.1.1', 'known'],
  ['nginx-plus', '37.1.0.1', 'known'],
  ['nginx-plus', 'PLS.37.0.9.1', 'newer than PLS.37.1.0.1'],
  ['nginx-plus', 'PLS.38.0.0.1', 'newer than PLS.37.1.0.1'],
  ['nginx-plus', 'R38', 'newer than PLS.37.1.0.1'],
  ['nginx-plus', 'R99', 'there is no NGINX Plus R99 (write version: "R36")'],
  ['nginx-plus', 'R0', 'there is no NGINX Plus R0 (write version: "R36")'],
  ['nginx-plus', 'R31 P99', 'there is no NGINX Plus R31 P99 (write version: "R36")'],
  ['nginx-plus', '1.62.0', 'there is no NGINX Plus 1.62.0 (write version: "1.26.3")'],
  ['angie', '1.12.1', 'known'],
  ['angie', '1.12.2', 'newer than 1.12.1'],
  ['angie', '1.13.0', 'newer than 1.12.1'],
  ['angie', '1.26.3', 'there is no Angie 1.26.3 (write version: "1.12.1")'],
  ['angie', '0.9.0', 'there is no Angie 0.9.0 (write version: "1.12.1")'],
  ['tengine', '2.4.1', 'known'],
  ['tengine', '3.3.0', 'newer than 3.2.0'],
  ['tengine', '4.0.0', 'newer than 3.2.0'],
  ['tengine', '2.9.0', 'there is no Tengine 2.9.0 (write version: "2.4.1")'],
  ['openresty', '1.27.1', 'known'],
  ['openresty', '1.27.1.2', 'known'],
  ['openresty', '1.31.9.1', 'known'],
  ['openresty', '1.31.10.1', 'newer than 1.31.9.1'],
  ['openresty', '1.33.2.1', 'newer than 1.31.9.1'],
  ['openresty', '1.26.3', 'there is no OpenResty 1.26.3 (write version: "1.31.9")'],
  ['haproxy', '2.6', 'known'],
  ['haproxy', '2.2.9', 'known'],
  ['haproxy', '3.4.6', 'known'],
  ['haproxy', '3.2.30', 'newer than 3.2.26'],
  ['haproxy', '3.5', 'newer than 3.4.6'],
  ['haproxy', '4.0', 'newer than 3.4.6'],
  ['haproxy', '2.10', 'there is no HAProxy 2.10 (write version: "2.8")'],
  ['haproxy', '1.26.3', 'there is no HAProxy 1.26.3 (write version: "3.2.26")'],
  ['haproxy', '9.9', 'there is no HAProxy 9.9 (write version: "3.2")'],
  ['haproxy', '2', '"2" is not a release line of HAProxy (write version: "2.8")'],
  ['httpd', '2.4', 'known'],
  ['httpd', '2.2', 'known'],
  ['httpd', '2.4.62', 'known'],
  ['httpd', '2.4.72', 'newer than 2.4.71'],
  ['httpd', '2.6', 'there is no Apache httpd 2.6 (write version: "2.4")'],
  ['httpd', '2', '"2" is not a release line of Apache httpd (write version: "2.4")'],
  ['tomcat', '9', 'known'],
  ['tomcat', '11', 'known'],
  ['tomcat', '10.1', 'known'],
  ['tomcat', '10.0.27', 'known'],
  ['tomcat', '9.0.122', 'known'],
  ['tomcat', '11.0.24', 'known'],
  ['tomcat', '10.1.70', 'newer than 10.1.62'],
  ['tomcat', '9.0.130', 'newer than 9.0.122'],
  ['tomcat', '10', '"10" is not a release line of Tomcat (write version: "10.1")'],
  ['tomcat', '8', '"8" is not a release line of Tomcat (write version: "8.5")'],
  [
    'tomcat',
    '10.1.999',
    'there is no Tomcat 10.1.999: the last release of 10.1 known to sessctl is 10.1.62 (write version: "10.1.62")',
  ],
  [
    'tomcat',
    '8.5.101',
    'there is no Tomcat 8.5.101: the last release of 8.5 is 8.5.100 (write version: "8.5.100")',
  ],
  [
    'tomcat',
    '10.0.30',
    'there is no Tomcat 10.0.30: the last release of 10.0 is 10.0.27 (write version: "10.1.62")',
  ],
  ['tomcat', '6.1', 'there is no Tomcat 6.1 (write version: "10.1")'],
  ['tomcat', '9.1.0', 'there is no Tomcat 9.1.0 (write version: "9.0.122")'],
  ['tomcat', '12.0.1', 'there is no Tomcat 12.0.1 (write version: "10.1.62")'],
  ['spring', '3.5', 'known'],
  ['spring', '3', 'known'],
  ['spring', '2.7.18', 'known'],
  ['spring', '2.7.25', 'newer than 2.7.18'],
  ['spring', '4.2.0', 'newer than 4.1.2'],
  ['spring', '5.0.0', 'newer than 4.1.2'],
  ['spring', '3.9', 'there is no Spring Boot 3.9 (write version: "3.5")'],
  [
    'spring',
    '1.5.30',
    'there is no Spring Boot 1.5.30: the last release of 1.5 is 1.5.22 (write version: "3.5.16")',
  ],
  ['spring', '7.0.1', 'there is no Spring Boot 7.0.1 (write version: "3.5.16")'],
  ['php', '8.2', 'known'],
  ['php', '8', 'known'],
  ['php', '7.4.33', 'known'],
  ['php', '8.7', 'newer than 8.6.0'],
  ['php', '9.0', 'newer than 8.6.0'],
  ['php', '6.0', 'there is no PHP 6.0 (write version: "8.4")'],
  [
    'php',
    '7.4.40',
    'there is no PHP 7.4.40: the last release of 7.4 is 7.4.33 (write version: "7.4.33")',
  ],
  ['django', '4.2', 'known'],
  ['django', '5', 'known'],
  ['django', '6.2', 'newer than 6.1.3'],
  ['django', '7.0', 'newer than 6.1.3'],
  ['django', '4.3', 'there is no Django 4.3 (write version: "4.2")'],
  ['redisson', '3.39.0', 'known'],
  ['redisson', '4.9.0', 'newer than 4.7.0'],
  ['redisson', '3.60.0', 'there is no Redisson 3.60.0 (write version: "3.39.0")'],
]

test.each(table)('%s %s: %s', (product, version, expected) => {
  expect(said(product, version)).toBe(expected)
})

test.each([
  ['R31', 'R31', [1, 25, 3]],
  ['31', 'R31', [1, 25, 3]],
  ['R31-P2', 'R31 P2', [1, 25, 3]],
  ['PLS.37.0.4.1', 'PLS.37.0.4.1', [1, 29, 8]],
  ['R38', 'R38', [1, 29, 8]],
])('NGINX Plus %s is %s and has the directives of %j', (written, text, parts) => {
  expect(judgeRelease('nginx-plus', written).version).toEqual({ text, parts })
})

const specOf = (
  targets: string,
  app = '{ runtime: tomcat, version: "9.0.122" }',
  stores = '',
) => `version: 1
name: shop
targets: ${targets}
frontends: { web: { listen: [80], locations: [{ match: /, upstream: shop }] } }
upstreams:
  shop:
    affinity: { method: sticky, by: cookie, cookie: srv_id }
    check: { interval: 3s }
    servers: { a: 10.0.0.1:8080, b: 10.0.0.2:8080 }
    app: ${app}
${stores}`

const compiled = (text: string, installed = {}) =>
  shown(
    compile(resolveSpec(readSpec('sessctl.yaml', text), installed), insideOnly(new Map()), null),
  )

const redis = 'stores: { store: { kind: redis, addresses: ["10.0.0.5:6379"] } }'
const places: readonly (readonly [string, (version: string) => string])[] = [
  ['nginx', (version) => specOf(`{ nginx: { version: "${version}" } }`)],
  ['haproxy', (version) => specOf(`{ haproxy: { version: "${version}" } }`)],
  ['httpd', (version) => specOf(`{ httpd: { version: "${version}" } }`)],
  ...['nginx-plus', 'angie', 'tengine', 'openresty'].map(
    (flavor) =>
      [
        flavor,
        (version: string) => specOf(`{ nginx: { flavor: ${flavor}, version: "${version}" } }`),
      ] as const,
  ),
  [
    'tomcat',
    (version) =>
      specOf('{ nginx: { version: "1.26.3" } }', `{ runtime: tomcat, version: "${version}" }`),
  ],
  ...['spring', 'php', 'django'].map((runtime) => {
    const store = { spring: 'spring-session', php: 'redis', django: 'cache' }[runtime]
    return [
      runtime,
      (version: string) =>
        specOf(
          '{ nginx: { version: "1.26.3" } }',
          `{ runtime: ${runtime}, version: "${version}", sessions: { store: ${store}, use: store } }`,
          redis,
        ),
    ] as const
  }),
  [
    'redisson',
    (version) =>
      specOf(
        '{ nginx: { version: "1.26.3" } }',
        `{ runtime: tomcat, version: "9.0.122", sessions: { store: redisson, use: store, version: "${version}" } }`,
        redis,
      ),
  ],
]

describe('every field with a version', () => {
  test.each(places)('%s: an impossible release is the only error', (_, spec) => {
    const { diagnostics, artifacts } = compiled(spec('77.77.77'))
    const errors = diagnostics.filter(({ severity }) => severity === 'error')
    expect(errors.map(({ code }) => code)).toEqual(['version-unknown'])
    expect(artifacts).toEqual([])
  })

  const unknown = places.flatMap(([product, spec]) =>
    table.flatMap(([name, version]) => {
      const judgement = judgeRelease(name, version)
      if (name !== product || judgement.kind !== 'unknown') return []
      return [[product, version, judgement.help.match(/version: "(.*?)"/)?.[1], spec] as const]
    }),
  )
  test.each(unknown)('%s %s: the proposed %s has no error', (_, __, proposal, spec) => {
    if (proposal === undefined) return
    const { diagnostics } = compiled(spec(proposal))
    const bad = diagnostics.filter(
      ({ severity, code }) => severity === 'error' || /^version/.test(code),
    )
    expect(bad.map(({ message }) => message)).toEqual([])
  })

  const newest: Readonly<Record<string, readonly [newer: string, last: string]>> = {
    nginx: ['1.33.0', '1.31.9'],
    'nginx-plus': ['R38', 'PLS.37.1.0.1'],
    angie: ['1.14.0', '1.12.1'],
    tengine: ['3.4.0', '3.2.0'],
    openresty: ['1.33.1.1', '1.31.9.1'],
    haproxy: ['4.0.1', '3.4.6'],
    httpd: ['2.4.80', '2.4.71'],
    tomcat: ['9.0.130', '9.0.122'],
    spring: ['5.0.1', '4.1.2'],
    php: ['9.0.0', '8.6.0'],
    django: ['7.0.1', '6.1.3'],
    redisson: ['4.12.0', '4.7.0'],
  }

  test.each(places)(
    '%s: a newer release is a warning, and is treated as the last known one',
    (name, spec) => {
      const [newer = '', last = ''] = newest[name] ?? []
      const [ofNewer, ofLast] = [compiled(spec(newer)), compiled(spec(last))]
      const known = ofLast.diagnostics.map(({ code }) => code)
      expect(known).not.toContain('version-newer')
      expect(
        ofNewer.diagnostics.map(({ code }) => code).filter((code) => !known.includes(code)),
      ).toEqual(['version-newer'])
      expect(ofLast.artifacts.length).toBeGreaterThan(0)
      const texts = (artifacts: typeof ofLast.artifacts) =>
        artifacts.map(({ path, text }) => [path, text.replaceAll(newer, last)])
      expect(texts(ofNewer.artifacts)).toEqual(texts(ofLast.artifacts))
    },
  )

  test.each([
    ['nginx-plus', 'R6'],
    ['openresty', '1.7.10.2'],
    ['tengine', '2.1.2'],
    ['tomcat', '10.0.27'],
    ['spring', '1.5'],
    ['haproxy', '2.0'],
    ['httpd', '2.2'],
  ])('%s %s exists, but is not supported', (name, version) => {
    const spec = new Map(places).get(name)
    const codes = compiled(spec?.(version) ?? '').diagnostics.map(({ code }) => code)
    expect(codes.filter((code) => /-(version|newer|unknown)$/.test(code))).toEqual([
      expect.stringMatching(/^(nginx|tomcat|spring|haproxy|httpd)-version$/),
    ])
  })

  test('an installed release is never an error, and is a warning if it is newer', () => {
    const text = specOf('{ nginx: { version: installed }, haproxy: { version: installed } }')
    const codes = (nginx: string, haproxy: string) =>
      compiled(text, { nginx, haproxy }).diagnostics.map(({ code }) => code)
    expect(codes('1.26.3', '2.6.12')).not.toContain('version-newer')
    expect(codes('1.33.0', '2.6.12').filter((code) => code.startsWith('version-'))).toEqual([
      'version-newer',
    ])
    expect(codes('2.77.0', '2.6.12').filter((code) => code.startsWith('version-'))).toEqual([])
  })
})
