import { expect, test } from 'vitest'
import { relocateForCheck } from '../../../src/core/validate/relocate-for-check.ts'
import { compileText } from '../../support/compile.ts'

const specOf = (target: string, affinity: string, server: string): string => `version: 1
name: shop
targets: { ${target} }
frontends: { web: { listen: [80], clientAddress: { trust: [10.0.0.0/8] }, locations: [{ match: /, upstream: app }] } }
upstreams:
  app:
    affinity: { ${affinity} }
    servers: { one: ${server}, two: "10.0.0.2:8080" }
`

const compiled = (...parts: Parameters<typeof specOf>) => compileText(specOf(...parts))

const textOf = (...parts: Parameters<typeof specOf>): string =>
  compiled(...parts)
    .artifacts.map(({ text }) => text)
    .join('\n')

const codesOf = (...parts: Parameters<typeof specOf>): readonly string[] =>
  compiled(...parts).diagnostics.map(({ code }) => code)

const resolver = 'resolver: { addresses: ["10.0.0.2:53"], valid: 5s }'
const nginx = (version: string, more = ''): string =>
  `nginx: { version: "${version}", ${resolver}${more} }`
const haproxy = (version: string): string => `haproxy: { version: "${version}", ${resolver} }`
const httpd = (version: string): string => `httpd: { version: "${version}" }`

const cookie = 'method: sticky, by: cookie, cookie: srv_id'
const pool = '{ address: "app.internal:8080", resolve: true }'
const single = '{ address: "app.internal:8080", resolve: true, maxAddresses: 1 }'
const learn = 'method: sticky, by: learn, create: $upstream_cookie_S, lookup: $cookie_S'

test('each address of a name has a cookie of its own in nginx and HAProxy', () => {
  const ofNginx = textOf(nginx('1.30.6'), cookie, pool)
  expect(ofNginx).toContain('    server app.internal:8080 resolve;\n')
  expect(ofNginx).toContain('    server 10.0.0.2:8080 route=two;\n')
  expect(ofNginx).toContain('    zone app 64k;\n    resolver 10.0.0.2:53 valid=5s;\n')
  for (const mode of ['insert', 'prefix', 'rewrite']) {
    const text = textOf(haproxy('2.2'), `${cookie}, mode: ${mode}`, pool)
    expect(text).toMatch(
      new RegExp(`cookie srv_id ${mode}.* dynamic\n  dynamic-cookie-key shop:app`),
    )
    expect(text).toContain('server-template one.. 1-10 app.internal:8080 resolvers sessctl')
    expect(text).toContain('server two 10.0.0.2:8080 cookie two')
  }
})

test('a server whose only address changes keeps its route and its cookie', () => {
  expect(textOf(nginx('1.30.6'), cookie, single)).toContain('app.internal:8080 resolve route=one;')
  const text = textOf(haproxy('3.0'), cookie, single)
  expect(text).toContain('server one app.internal:8080 cookie one resolvers sessctl init-addr none')
  expect(text).not.toContain('dynamic')
})

test.each([
  ['method: jvm_route', nginx('1.30.6')],
  ['method: jvm_route', nginx('1.30.6', ', modules: [jvm_route]')],
  ['method: jvm_route', haproxy('3.0')],
  ['method: jvm_route', httpd('2.4')],
  ['method: sticky, by: route, from: [$cookie_route]', nginx('1.30.6')],
  ['method: sticky, by: route, from: [$cookie_route]', haproxy('3.0')],
])('several addresses cannot have one route: %s, %s', (affinity, target) => {
  expect(codesOf(target, affinity, pool)).toContain('resolve-one-route')
  expect(codesOf(target, affinity, single)).not.toContain('resolve-one-route')
})

test('the jvm_route module gets names with one address', () => {
  const text = textOf(nginx('1.30.6', ', modules: [jvm_route]'), 'method: jvm_route', single)
  expect(text).toContain('    server app.internal:8080 resolve srun_id=one;\n')
})

test.each([
  ['1.27.3', '', true],
  ['1.27.2', '', false],
  ['1.27.2', ', flavor: nginx-plus', true],
  ['1.12.0', ', flavor: angie', true],
  ['1.10.0', ', flavor: angie', false],
  ['3.2.0', ', flavor: tengine', true],
])('nginx %s%s looks names up while it runs: %s', (version, more, looks) => {
  const codes = codesOf(nginx(version, more), 'method: ip_hash', pool)
  expect(codes.includes('nginx-resolve')).toBe(!looks)
})

test('modules that have no zone cannot be combined with resolve', () => {
  const codes = codesOf(
    nginx('3.2.0', ', flavor: tengine, modules: [session_sticky]'),
    `${cookie}, via: module`,
    pool,
  )
  expect(codes).toContain('nginx-resolve')
})

test('the zone of nginx has room for all addresses', () => {
  const many = '{ address: "app.internal:8080", resolve: true, maxAddresses: 200 }'
  expect(textOf(nginx('1.30.6'), cookie, many)).toContain('zone app 224k;')
})

test('HAProxy stores the addresses of learned sessions, and hashes addresses, where it can', () => {
  expect(textOf(haproxy('3.0'), learn, pool)).toContain(' srvkey addr\n')
  expect(textOf(haproxy('2.2'), learn, pool)).not.toContain('srvkey')
  expect(textOf(haproxy('3.0'), 'method: ip_hash', pool)).toContain(
    'init-addr none hash-key addr-port',
  )
  expect(codesOf(haproxy('2.6'), 'method: ip_hash', pool)).toContain('haproxy-resolve-hash')
})

test('HAProxy asks the DNS servers of the host unless the spec names others', () => {
  expect(textOf('haproxy: { version: "3.0" }', cookie, pool)).toContain('  parse-resolv-conf\n')
  const text = textOf(haproxy('3.0'), cookie, pool)
  expect(text).toContain('  nameserver dns1 10.0.0.2:53\n  hold valid 5s\n')
  expect(text).not.toContain('parse-resolv-conf')
})

test('httpd looks names up again, with the connections that its release allows', () => {
  expect(textOf(httpd('2.4'), cookie, single)).toContain(' addressttl=10 ttl=')
  const older = textOf(httpd('2.4.58'), cookie, single)
  expect(older).toContain('app.internal:8080 route=one connectiontimeout=5 disablereuse=On\n')
  expect(codesOf(httpd('2.4.58'), cookie, single)).toContain('httpd-resolve')
})

test('what has no name, or no resolve, is reported', () => {
  const reported = (server: string) =>
    compiled(haproxy('3.0'), cookie, server).diagnostics.flatMap(({ code, location }) =>
      code === 'field-without-effect' ? [location.path] : [],
    )
  expect(reported('{ address: "10.0.0.1:8080", resolve: true, maxAddresses: 2 }')).toEqual([
    'targets.haproxy.resolver',
    'upstreams.app.servers.one.resolve',
    'upstreams.app.servers.one.maxAddresses',
  ])
  expect(reported('{ address: "app.internal:8080", maxAddresses: 2 }')).toContain(
    'upstreams.app.servers.one.maxAddresses',
  )
  expect(reported(pool)).toEqual([])
})

test('a check of the files looks no name up, and asks no DNS server', () => {
  const { cluster } = compiled(haproxy('3.0'), cookie, pool)
  if (cluster === null) throw new Error('the spec has errors')
  const moved = relocateForCheck(cluster, '/tmp/x', 'kept')
  expect(moved.cluster.upstreams[0]?.servers[0]).toMatchObject({
    address: { host: 'host0.invalid', port: 8080 },
    resolves: true,
  })
  expect(moved.replacements).toContainEqual({
    relocated: 'host0.invalid',
    original: 'app.internal',
  })
})
