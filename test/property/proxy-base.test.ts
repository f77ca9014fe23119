import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { Cluster, Server } from '../../src/core/model/cluster.ts'
import type { Target } from '../../src/core/model/target.ts'
import { parseVersion } from '../../src/core/model/version.ts'
import { readSpec, resolveSpec } from '../../src/core/pipeline.ts'
import { configOf, renderCluster } from '../support/compile.ts'

const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url))

const specFiles = [
  ...readdirSync(join(fixtures, 'specs'))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => join('specs', name)),
  ...readdirSync(join(fixtures, 'cases')).map((name) => join('cases', name, 'sessctl.yaml')),
]

const clusters = specFiles.flatMap((file) => {
  const { cluster } = resolveSpec(readSpec(file, readFileSync(join(fixtures, file))), {})
  return cluster === null || cluster.upstreams.length === 0 ? [] : [{ file, cluster }]
})

type Layout = (text: string) => string

interface Proxy {
  readonly dialect: Target['dialect']
  readonly targetsOf: (cluster: Cluster, base: string | null) => readonly Target[]
  /** How a file names the block of an upstream. */
  readonly blockOf: (name: string) => string
  /** Files as other people lay them out. */
  readonly layouts: readonly Layout[]
  /** What one more server changes in a file. */
  readonly changes: (text: string) => 'one line' | 'an expression, too' | 'more'
}

const nginx: Proxy = {
  dialect: 'nginx',
  targetsOf: ({ targets }, base) =>
    targets.map((target) => (target.dialect === 'nginx' ? { ...target, base } : target)),
  blockOf: (name) => `upstream ${name} {`,
  layouts: [
    (text) => text,
    (text) => text.replaceAll('    ', '\t'),
    (text) => text.replace(/^( *)server (\S+)/gm, '$1server    $2   '),
    (text) => text.replace(/;$/gm, '; # why'),
    (text) => text.replace(/\{\n\s+/g, '{ '),
  ],
  changes: (text) => {
    // The affinity has a block per server, or a directive beside the server.
    if (/^ *srun_id |\$pool_/m.test(text)) return 'more'
    return text.includes('$route_') ? 'an expression, too' : 'one line'
  },
}

const haproxy: Proxy = {
  dialect: 'haproxy',
  targetsOf: (_, base) => [
    {
      ...{ dialect: 'haproxy', version: parseVersion('3.0'), base, maxConnections: null },
      ...{ peers: [], localPeer: null, stats: null, resolver: null, path: ['targets', 'haproxy'] },
    },
  ],
  blockOf: (name) => `\nbackend ${name}\n`,
  layouts: [
    (text) => text,
    (text) => text.replaceAll('\n  ', '\n\t'),
    (text) => text.replace(/^( *)server (\S+)/gm, '$1server    $2   '),
    (text) => text.replace(/^( +\S.*)$/gm, '$1 # why'),
  ],
  // The rules of jvm_route have the routes of all servers.
  changes: (text) => (/^ +use-server /m.test(text) ? 'an expression, too' : 'one line'),
}

const httpd: Proxy = {
  dialect: 'httpd',
  targetsOf: (_, base) => [
    { dialect: 'httpd', version: parseVersion('2.4'), base, path: ['targets', 'httpd'] },
  ],
  blockOf: (name) => `balancer://${name}`,
  layouts: [
    (text) => text,
    (text) => text.replaceAll('\n    ', '\n\t'),
    (text) => text.replace(/^( *)BalancerMember (\S+)/gim, '$1balancermember    $2   '),
    (text) => text.replace(/^( +BalancerMember \S+) /gm, '$1 \\\n        '),
  ],
  changes: () => 'one line',
}

const rendered = ({ dialect, targetsOf }: Proxy, cluster: Cluster, text: string | null) =>
  renderCluster(
    { ...cluster, targets: targetsOf(cluster, text === null ? null : 'site.conf') },
    new Set([dialect]),
    text === null ? new Map() : new Map([['site.conf', configOf('site.conf', Buffer.from(text))]]),
  )

const editedBy = (proxy: Proxy, cluster: Cluster, text: string): string => {
  const { artifacts, diagnostics } = rendered(proxy, cluster, text)
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  return artifacts[0]?.text ?? ''
}

/** The file that sessctl writes for each spec that the proxy can have, and its cluster. */
const writtenBy = (proxy: Proxy) =>
  clusters.flatMap(({ cluster, file }) => {
    const { artifacts } = rendered(proxy, cluster, null)
    // nginx has further files, for the levels of "server" and of "main".
    const artifact = artifacts.find(
      ({ path }) => proxy.dialect !== 'nginx' || path === `nginx/${cluster.name}.conf`,
    )
    return artifact === undefined ? [] : [{ file, cluster, text: artifact.text }]
  })

const withOneMore = (cluster: Cluster): Cluster | null => {
  const [first, ...others] = cluster.upstreams
  const [server] = first?.servers ?? []
  if (first === undefined || server === undefined) return null
  const more: Server = {
    ...server,
    ...{ name: 'one-more', route: 'one-more', state: 'up' },
    address: { kind: 'inet', host: '10.99.0.1', port: 8080 },
  }
  return { ...cluster, upstreams: [{ ...first, servers: [...first.servers, more] }, ...others] }
}

describe.each([nginx, haproxy, httpd])('$dialect', (proxy) => {
  const written = writtenBy(proxy)

  test('has specs of every kind', () => {
    expect(written.length).toBeGreaterThan(30)
  })

  test.each(written)('$file, with its own file as base, changes no byte', ({ cluster, text }) => {
    expect(editedBy(proxy, cluster, text)).toBe(text)
    const windows = text.replaceAll('\n', '\r\n')
    expect(editedBy(proxy, cluster, windows)).toBe(windows)
  })

  test.each(written.map((one, index) => ({ ...one, index })))(
    'the file of another spec becomes that of $file, and stays so',
    ({ cluster, index }) => {
      const other = written[(index * 7 + 3) % written.length]
      const layout = proxy.layouts[index % proxy.layouts.length]
      if (other === undefined || layout === undefined) return
      // Under the name that the other file has.
      const [own, theirs] = [cluster, other.cluster].map(({ upstreams }) =>
        proxy.blockOf(upstreams[0]?.name ?? ''),
      )
      if (own === undefined || theirs === undefined) return
      if (own !== theirs && other.text.includes(own)) return
      const edited = editedBy(proxy, cluster, layout(other.text).replaceAll(theirs, own))
      for (const { address } of cluster.upstreams[0]?.servers ?? [])
        expect(edited).toContain(address.kind === 'unix' ? address.path : String(address.port))
      expect(editedBy(proxy, cluster, edited)).toBe(edited)
    },
  )

  test.each(written.filter(({ text }) => proxy.changes(text) !== 'more'))(
    '$file, with one more server, changes one line',
    ({ cluster, text }) => {
      const larger = withOneMore(cluster)
      if (larger === null) return
      const edited = editedBy(proxy, larger, text).split('\n')
      const added = edited.filter((line) => line.includes('10.99.0.1:8080'))
      expect(added).toHaveLength(1)
      if (proxy.changes(text) === 'one line')
        expect(edited.filter((line) => line !== added[0])).toEqual(text.split('\n'))
    },
  )
})
