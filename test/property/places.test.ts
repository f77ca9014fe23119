import { expect, test } from 'vitest'
import type { Inputs } from '../../src/core/dialects/dialect.ts'
import { allocatePorts, type LabEnvironment } from '../../src/core/lab/environment.ts'
import { moveToLab } from '../../src/core/lab/move-to-lab.ts'
import type { Cluster } from '../../src/core/model/cluster.ts'
import { readSpec, resolveSpec } from '../../src/core/pipeline.ts'
import { relocateForCheck } from '../../src/core/validate/relocate-for-check.ts'
import { isolateBase, tomcatFiles } from '../../src/core/validate/tomcat/bases.ts'
import { renderCluster } from '../support/compile.ts'
import { fieldsOf, withValue } from './effects/fields.ts'
import { examples as ofEffects } from './effects/specs.ts'
import { markPlaces, marksIn } from './places/marks.ts'
import { markedTomcatFiles, signOfEdited } from './places/tomcat-files.ts'

const ground = (): LabEnvironment => ({
  folder: '/lab',
  host: '127.9.9.9',
  ports: allocatePorts(20_000),
  isRoot: false,
  protectsStores: false,
  password: 'lab-password',
  key: '0123456789abcdef0123456789abcdef',
})

const stores = {
  redis: { kind: 'redis', addresses: ['a:1'], password: { file: '/a' }, tls: true },
  redis2: { kind: 'redis', addresses: ['a:1'] },
  memcached: { kind: 'memcached', servers: { n1: 'a:1' } },
  database: {
    kind: 'jdbc',
    driver: 'org.postgresql.Driver',
    url: 'jdbc:x',
    password: { file: '/a' },
  },
}
const withFiles = { store: 'file', directory: '/a' }
const apps: readonly object[] = [
  ...[
    withFiles,
    { store: 'jdbc', use: 'database' },
    { store: 'delta', encryptionKey: { file: '/a' } },
    { store: 'backup', membership: 'multicast' },
    { store: 'redisson', use: 'redis' },
    { store: 'memcached', use: 'memcached' },
    { store: 'memcached', use: 'redis' },
  ].map((sessions) => ({ runtime: 'tomcat', version: '9.0.122', sessions })),
  { runtime: 'tomcat', version: '7.0.109', sessions: { store: 'tomcat-redis', use: 'redis' } },
  { runtime: 'spring', version: '3.5', sessions: { store: 'spring-session', use: 'redis' } },
  { runtime: 'spring', version: '3.5', sessions: { store: 'spring-session', use: 'database' } },
  { runtime: 'php', version: '8.3', sessions: { store: 'files', directory: '/a' } },
  { runtime: 'php', version: '8.3', sessions: { store: 'redis', use: 'redis' } },
  { runtime: 'php', version: '8.3', sessions: { store: 'memcached', use: 'memcached' } },
  { runtime: 'django', version: '5.2', sessions: withFiles },
  { runtime: 'django', version: '5.2', sessions: { store: 'cache', use: 'redis' } },
]

const targets: readonly object[] = [
  { nginx: { version: '1.30.6', standalone: true } },
  { haproxy: { version: '3.2' } },
  { httpd: { version: '2.4' } },
]

const frontend = (target: object) => ({
  listen: ['a:1', { address: 'a:1', tls: { certificate: '/a', key: '/a' } }, 'unix:/a'],
  serverNames: ['shop.example.com'],
  clientAddress: { trust: ['10.0.0.0/8'] },
  accessLog: { path: '/a', syslog: 'a:1' },
  locations: [
    { match: '/', upstream: 'tomcats' },
    ...('haproxy' in target ? [] : [{ match: '/files/', root: '/a', index: ['index.html'] }]),
    { match: '= /status', status: 'tomcats', allow: ['127.0.0.1'] },
  ],
})

const specOf = (target: object, app: object) => ({
  version: 1,
  name: 'shop',
  targets: target,
  frontends: { web: frontend(target) },
  upstreams: {
    tomcats: {
      affinity: { method: 'jvm_route' },
      servers: {
        one: { address: 'a:1', tomcat: { base: '/a', contextBase: '/a' } },
        two: 'unix:/a',
        three: 'a:1',
      },
      app,
    },
  },
  stores,
})

const ofApps = targets.flatMap((target, targetIndex) =>
  apps.map((app, appIndex) => ({
    // Fields of applications do not depend on the target, nor other fields on the application.
    isVaried: targetIndex === 0 || appIndex === 0,
    spec: specOf(target, app),
  })),
)

/** Each spec as it is, and with each of its fields another, or one that it does not have. */
const variantsOf = (spec: object): readonly object[] => [
  spec,
  ...fieldsOf(spec).flatMap(({ path, values }) =>
    values.slice(0, 1).map((value) => withValue(spec, path, value) as object),
  ),
]

const everySpec = [
  ...ofApps.flatMap(({ spec, isVaried }) => (isVaried ? variantsOf(spec) : [spec])),
  // Affinities and targets, of which no field but those above names a place.
  ...ofEffects.map(({ spec }) => spec),
]

const clusterOf = (spec: object): Cluster | null =>
  resolveSpec(readSpec('sessctl.yaml', JSON.stringify(markPlaces(spec))), {}).cluster

const artifactsOf = (cluster: Cluster, inputs: Inputs = new Map()) => {
  const { artifacts } = renderCluster(cluster, null, inputs, new Set(['tomcat-context-manager']))
  return artifacts
}

/** `nginx -t` and its like: what is rendered of the relocated cluster, for one dialect at a time. */
const relocatedProxies = (cluster: Cluster): readonly string[] =>
  (['sockets', 'kept'] as const).flatMap((listeners) => {
    const relocated = relocateForCheck(cluster, '/stage', listeners)
    return cluster.targets.flatMap(({ dialect }) =>
      renderCluster(relocated.cluster, new Set([dialect])).artifacts.map(({ text }) => text),
    )
  })

/** A Tomcat that is started for a check. */
const isolatedTomcats = (cluster: Cluster): readonly string[] =>
  tomcatFiles(
    cluster,
    artifactsOf(cluster).filter(({ dialect }) => dialect === 'tomcat'),
  ).flatMap((files) => {
    const isolated = isolateBase(files, '/stage/empty')
    if (typeof isolated === 'string') return []
    // A start for a check reads server.xml and the context files; setenv.sh is a matter of catalina.sh.
    return isolated.isolated.filter(({ path }) => path.endsWith('.xml')).map(({ text }) => text)
  })

/**
 * What stays by design: networks that a client's address is compared with, and where a Tomcat that is
 * checked compares the balancer's own (RemoteIpValve).
 */
const compared = / (?:internalProxies|trustedProxies)="[^"]*"/g

test('no address and no file of a spec is left in a relocated cluster', {
  timeout: 300_000,
}, () => {
  const left = new Set<string>()
  const counts = { lab: 0, proxies: 0, tomcats: 0 }
  let edited = 0
  const look = (where: keyof typeof counts, texts: readonly string[]): void => {
    counts[where] += texts.length
    for (const text of texts)
      for (const mark of marksIn(text.replaceAll(compared, ''))) left.add(`${where}: ${mark}`)
  }
  for (const spec of everySpec) {
    const cluster = clusterOf(spec)
    if (cluster === null) continue
    const [target] = cluster.targets
    if (target === undefined) continue
    const moved = moveToLab(cluster, target, ground(), markedTomcatFiles(cluster))
    const ofLab = artifactsOf(moved.cluster, moved.inputs).map(({ text }) => text)
    edited += ofLab.filter((text) => text.includes(signOfEdited)).length
    look('lab', [
      // Nothing of a comment is started.
      ...ofLab.map((text) => text.replaceAll(/<!--[\s\S]*?-->/g, '')),
      // The processes of stores are made from the cluster itself.
      JSON.stringify(moved.cluster),
    ])
    look('proxies', relocatedProxies(cluster))
    look('tomcats', isolatedTomcats(cluster))
  }
  expect([...left]).toEqual([])
  expect(counts.lab).toBeGreaterThan(1000)
  expect(edited).toBeGreaterThan(1000)
  expect(counts.proxies).toBeGreaterThan(1000)
  expect(counts.tomcats).toBeGreaterThan(100)
})

test('addresses and files reach the artifacts of a cluster that is not relocated', () => {
  const seen = new Set(
    ofApps.flatMap(({ spec }) => {
      const cluster = clusterOf(spec)
      return cluster === null ? [] : artifactsOf(cluster).flatMap(({ text }) => marksIn(text))
    }),
  )
  expect([...seen].some((mark) => mark.startsWith('192.0.2.'))).toBe(true)
  expect([...seen].some((mark) => mark.startsWith('/marked/'))).toBe(true)
})
