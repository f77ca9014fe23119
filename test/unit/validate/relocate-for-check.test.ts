import { expect, test } from 'vitest'
import type { Cluster } from '../../../src/core/model/cluster.ts'
import { restoreOriginals } from '../../../src/core/validate/originals.ts'
import { relocateForCheck } from '../../../src/core/validate/relocate-for-check.ts'
import { clusterOf } from './cluster-of.ts'

const cluster = clusterOf(`
version: 1
name: shop
targets: { nginx: { version: "1.26.3" } }
frontends:
  web:
    listen:
      - 80
      - "shop.example.com:8080"
      - { address: 443, tls: { certificate: /etc/ssl/shop.crt, key: /etc/ssl/shop.crt.key } }
    locations:
      - { match: /, upstream: apps }
      - { match: /files/, root: /srv/www }
  admin:
    listen: [80]
    serverNames: [admin.example.com]
    accessLog: { path: /var/log/shop.log, syslog: "log.example.com:514" }
    locations: [{ match: /, upstream: apps }]
upstreams:
  apps:
    servers:
      a: app1.example.com:8080
      b: app2.example.com:8080
      c: 10.0.0.3:8080
      d: "[2001:db8::4]:8080"
      e: unix:/run/app.sock
      f: app1.example.com:8081
stores:
  db: { kind: jdbc, driver: d.D, url: "jdbc:x", password: hunter2 }
  other: { kind: jdbc, driver: d.D, url: "jdbc:x", password: { env: DB } }
`)

const listeners = ({ frontends }: Cluster) =>
  frontends.flatMap((frontend) => frontend.listeners.map(({ address }) => address))
const hosts = ({ upstreams }: Cluster) =>
  upstreams.flatMap(({ servers }) =>
    servers.map(({ address }) => (address.kind === 'inet' ? address.host : address.path)),
  )

test('listeners become sockets in the stage, equal addresses equal sockets', () => {
  const relocated = relocateForCheck(cluster, '/stage', 'sockets')
  expect(listeners(relocated.cluster)).toEqual([
    { kind: 'unix', path: '/stage/l1' },
    { kind: 'unix', path: '/stage/l1' },
    { kind: 'unix', path: '/stage/l2' },
    { kind: 'unix', path: '/stage/l3' },
  ])
})

test('if listeners are kept, hosts are loopback addresses', () => {
  const relocated = relocateForCheck(cluster, '/stage', 'kept')
  expect(listeners(relocated.cluster)).toEqual([
    { kind: 'inet', host: null, port: 80 },
    { kind: 'inet', host: null, port: 80 },
    { kind: 'inet', host: expect.stringMatching(/^127\./), port: 8080 },
    { kind: 'inet', host: null, port: 443 },
  ])
})

test('each host is a loopback address of its own, each socket a socket of the stage', () => {
  const relocated = relocateForCheck(cluster, '/stage', 'sockets')
  expect(hosts(relocated.cluster)).toEqual([
    '127.64.0.1',
    '127.64.0.2',
    '127.64.0.3',
    '::ffff:127.64.0.4',
    '/stage/l0',
    '127.64.0.1',
  ])
})

test('locations name the relocated upstreams', () => {
  const { cluster: relocated } = relocateForCheck(cluster, '/stage', 'sockets')
  const actions = relocated.frontends.flatMap(({ locations }) =>
    locations.map(({ action }) => action),
  )
  const upstreams = actions.flatMap((action) => ('upstream' in action ? [action.upstream] : []))
  expect(upstreams).toHaveLength(2)
  for (const upstream of upstreams) expect(upstream).toBe(relocated.upstreams[0])
})

test('certificates are temporary ones with the same names', () => {
  const relocated = relocateForCheck(cluster, '/stage', 'kept')
  const tls = relocated.cluster.frontends.flatMap(({ listeners }) =>
    listeners.flatMap((listener) => listener.tls ?? []),
  )
  expect(tls).toEqual([{ certificate: '/stage/tls0/shop.crt', key: '/stage/tls0/shop.crt.key' }])
  expect(relocated.files.map(({ path }) => path)).toEqual(['tls0/shop.crt', 'tls0/shop.crt.key'])
  expect(relocated.files[0]?.content).toMatch(/BEGIN CERTIFICATE[\s\S]*BEGIN PRIVATE KEY/)
})

test('literal secrets are not part of a relocated cluster', () => {
  const relocated = relocateForCheck(cluster, '/stage', 'kept')
  expect(JSON.stringify(relocated)).not.toContain('hunter2')
  expect(JSON.stringify(relocated.cluster.stores)).toContain('"name":"DB"')
})

test('the original cluster is unchanged, and messages contain the original values', () => {
  const before = structuredClone(cluster)
  const { replacements } = relocateForCheck(cluster, '/stage', 'sockets')
  expect(cluster).toEqual(before)
  const original = restoreOriginals(replacements)
  expect(original('a duplicate default server for unix:/stage/l1')).toBe(
    'a duplicate default server for *:80',
  )
  expect(original('unix:/stage/l0, /stage/l0')).toBe('unix:/run/app.sock, /run/app.sock')
  expect(original('127.64.0.1:8080, 127.64.0.11, "/stage/tls0/shop.crt.key"')).toBe(
    'app1.example.com:8080, 127.64.0.11, "/etc/ssl/shop.crt.key"',
  )
})

test('10,000 servers are relocated to distinct addresses', () => {
  const servers = Array.from({ length: 10_000 }, (_, index) => `      s${index}: h${index}.x:8080`)
  const many = clusterOf(
    `version: 1\nname: many\ntargets: { nginx: { version: "1.26.3" } }\nfrontends: { web: { listen: [80], locations: [{ match: /, upstream: u }] } }\nupstreams:\n  u:\n    servers:\n${servers.join('\n')}\n`,
  )
  const relocated = relocateForCheck(many, '/stage', 'sockets')
  expect(new Set(hosts(relocated.cluster)).size).toBe(10_000)
})

test('logs are written into the stage, and the syslog host is not resolved', () => {
  const { frontends } = relocateForCheck(cluster, '/stage', 'sockets').cluster
  expect(frontends.map(({ accessLog }) => accessLog)).toMatchObject([
    { file: '/stage/log0', syslog: { kind: 'inet', host: expect.stringMatching(/^127\./) } },
    null,
  ])
})
