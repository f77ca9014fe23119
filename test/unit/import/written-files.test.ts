import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import {
  type ImportSettings,
  type InstalledNginx,
  importFiles,
} from '../../../src/core/import/index.ts'
import type { Cluster } from '../../../src/core/model/cluster.ts'
import { readSpec, resolveSpec } from '../../../src/core/pipeline.ts'
import { compileFolder } from '../../support/cases.ts'
import { compileText, configOf } from '../../support/compile.ts'
import { fc } from '../../support/fast-check.ts'

const fixtures = fileURLToPath(new URL('../../../fixtures/', import.meta.url))

const specFiles = [
  ...readdirSync(join(fixtures, 'specs'))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => join('specs', name)),
  ...readdirSync(join(fixtures, 'cases')).map((name) => join('cases', name, 'sessctl.yaml')),
]

/** A file that sessctl writes, and its spec. */
interface Written {
  readonly file: string
  readonly cluster: Cluster
  readonly text: string
}

/** The file for the http level that sessctl writes, and the nginx that it is for. */
const ofNginx: readonly (Written & { readonly installed: InstalledNginx })[] = specFiles.flatMap(
  (file) => {
    const place = join(fixtures, file)
    const { cluster, spec } = resolveSpec(readSpec(file, readFileSync(place)), {})
    const nginx = spec?.targets.nginx
    if (cluster === null || cluster.upstreams.length === 0 || nginx === undefined) return []
    const { artifacts } = compileFolder(dirname(place), file.replace(/.*\//, ''))
    const artifact = artifacts.find(({ path }) => path === `nginx/${cluster.name}.conf`)
    if (artifact === undefined) return []
    const { flavor, modules, version } = nginx
    return [{ file, cluster, text: artifact.text, installed: { flavor, modules, version } }]
  },
)

/** The whole file of HAProxy, and its release. */
const ofHaproxy: readonly (Written & { readonly installed: string })[] = specFiles.flatMap(
  (file) => {
    const place = join(fixtures, file)
    const { cluster, spec } = resolveSpec(readSpec(file, readFileSync(place)), {})
    const haproxy = spec?.targets.haproxy
    if (cluster === null || haproxy === undefined || haproxy.base !== undefined) return []
    if (cluster.upstreams.length === 0) return []
    const { artifacts } = compileFolder(dirname(place), file.replace(/.*\//, ''))
    const artifact = artifacts.find(({ path }) => path === 'haproxy/haproxy.cfg')
    return artifact === undefined
      ? []
      : [{ file, cluster, text: artifact.text, installed: haproxy.version }]
  },
)

/** The file with the balancers and hosts of httpd, and its release. */
const ofHttpd: readonly (Written & { readonly installed: string })[] = specFiles.flatMap((file) => {
  const place = join(fixtures, file)
  const { cluster, spec } = resolveSpec(readSpec(file, readFileSync(place)), {})
  const httpd = spec?.targets.httpd
  if (cluster === null || httpd === undefined || httpd.base !== undefined) return []
  if (cluster.upstreams.length === 0) return []
  const { artifacts } = compileFolder(dirname(place), file.replace(/.*\//, ''))
  const artifact = artifacts.find(({ path }) => path === `httpd/${cluster.name}.conf`)
  return artifact === undefined
    ? []
    : [{ file, cluster, text: artifact.text, installed: httpd.version }]
})

const settings: ImportSettings = {
  spec: 'sessctl.yaml',
  name: null,
  nginx: null,
  haproxy: null,
  httpd: null,
}

test('there are files of every kind', () => {
  expect(ofNginx.length).toBeGreaterThan(30)
  expect(ofHaproxy.length).toBeGreaterThan(20)
  expect(ofHttpd.length).toBeGreaterThan(10)
})

/** What must be the same in both specs, whatever the servers are called. */
const meaning = ({ upstreams }: Cluster) =>
  upstreams.map(({ affinity, balance, keepalive, name, servers }) => ({
    name: name.replaceAll('_', '-').toLowerCase(),
    affinity: affinity.method,
    balance: balance.kind,
    keepalive,
    servers: servers.map(({ address, failTimeoutMs, maxFails, state, weight }) => ({
      ...{ address, failTimeoutMs, maxFails, weight },
      // The file says the same of both where no session is kept.
      state: affinity.method === 'none' && state === 'drain' ? 'down' : state,
    })),
  }))

/** What a backend of HAProxy tells: whether a hash is an affinity or balances requests, it does not. */
const backends = (cluster: Cluster) =>
  meaning(cluster).map(({ affinity, balance, name, servers }) => ({
    name,
    method: balance === 'hash' || affinity === 'ip_hash' ? 'hash' : affinity,
    balance: /hash/.test(`${affinity} ${balance}`) ? null : balance,
    servers: servers.map(({ address, state, weight }) => ({ address, state, weight })),
  }))

/** Their files do not tell it: a server is left out, and blocks of two upstreams have one name. */
const lessThanSpec = ['nginx-sticky-cookie-tengine/', 'nginx-names-that-collide/']

test.each(ofNginx)(
  'the spec that is imported from the nginx file of $file changes no byte of it, and means the same',
  ({ file, text, cluster, installed }) => {
    const files = new Map([['site.conf', Buffer.from(text)]])
    const config = { form: 'config', main: 'site.conf', files } as const
    const source = { kind: 'nginx', file: 'site.conf', config } as const
    const { diagnostics, text: spec } = importFiles([source], { ...settings, nginx: installed })
    expect(diagnostics).toEqual([])
    const { artifacts, cluster: again } = compileText(spec ?? '', new Map([['site.conf', config]]))
    expect(artifacts.find(({ path }) => path === 'nginx/site.conf')?.text).toBe(text)
    if (lessThanSpec.some((name) => file.includes(name))) return
    expect(again && meaning(again)).toEqual(meaning(cluster))
  },
)

test.each(ofHaproxy)(
  'the spec that is imported from the HAProxy file of $file changes no byte of it, and means the same',
  ({ text, cluster, installed }) => {
    const config = configOf('haproxy.cfg', Buffer.from(text))
    const source = { kind: 'haproxy', file: 'haproxy.cfg', config } as const
    const { diagnostics, text: spec } = importFiles([source], { ...settings, haproxy: installed })
    expect(diagnostics).toEqual([])
    const { artifacts, cluster: again } = compileText(
      spec ?? '',
      new Map([['haproxy.cfg', config]]),
    )
    expect(artifacts.find(({ path }) => path === 'haproxy/haproxy.cfg')?.text).toBe(text)
    expect(again && backends(again)).toEqual(backends(cluster))
  },
)

/** What a balancer of httpd tells. */
const balancers = (cluster: Cluster) =>
  meaning(cluster)
    .map(({ affinity, balance, name, servers }) => ({
      ...{ name, affinity },
      // httpd does not balance at random.
      balance: balance === 'random' ? 'round_robin' : balance,
      servers: servers.map(({ address, state, weight }) => ({ address, state, weight })),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))

test.each(ofHttpd)(
  'the spec that is imported from the httpd file of $file changes no byte of it, and means the same',
  ({ text, cluster, installed }) => {
    const files = new Map([['httpd.conf', Buffer.from(text)]])
    const config = { form: 'config', main: 'httpd.conf', files } as const
    const source = { kind: 'httpd', file: 'httpd.conf', config } as const
    const { diagnostics, text: spec } = importFiles([source], { ...settings, httpd: installed })
    expect(diagnostics).toEqual([])
    const { artifacts, cluster: again } = compileText(spec ?? '', new Map([['httpd.conf', config]]))
    expect(artifacts.find(({ path }) => path === 'httpd/httpd.conf')?.text).toBe(text)
    expect(again && balancers(again)).toEqual(balancers(cluster))
  },
)

const damaged = fc
  .record({
    file: fc.constantFrom(...ofHaproxy.slice(0, 8), ...ofNginx.slice(0, 8)),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    removed: fc.nat(40),
    word: fc.constantFrom('\n', '{', '}', ';', '"', '#', '{{ x }}', '\\', 'server a:1;', '\0', 'é'),
  })
  .map(({ at, file, removed, word }) => {
    const start = Math.floor(at * file.text.length)
    const isNginx = 'modules' in Object(file.installed)
    const text = `${file.text.slice(0, start)}${word}${file.text.slice(start + removed)}`
    return { isNginx, bytes: Buffer.from(text) }
  })

test('any bytes are imported unchanged, or refused', () => {
  fc.assert(
    fc.property(damaged, ({ bytes, isNginx }) => {
      const config = configOf('a.conf', bytes)
      const kind = isNginx ? 'nginx' : 'haproxy'
      const { text } = importFiles([{ kind, file: 'a.conf', config }], settings)
      if (text === null) return
      const { artifacts } = compileText(text, new Map([['a.conf', config]]))
      for (const { path, bytes: written } of artifacts)
        if (path.endsWith('/a.conf')) expect(Buffer.from(written)).toEqual(bytes)
    }),
    { numRuns: 40 },
  )
})
