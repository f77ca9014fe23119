import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { Inputs } from '../../src/core/dialects/dialect.ts'
import type { Cluster, Server } from '../../src/core/model/cluster.ts'
import { parseVersion } from '../../src/core/model/version.ts'
import { readSpec, resolveSpec } from '../../src/core/pipeline.ts'
import { renderCluster } from '../support/compile.ts'

const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url))

const specFiles = [
  ...readdirSync(join(fixtures, 'specs'))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => join('specs', name)),
  ...readdirSync(join(fixtures, 'cases')).map((name) => join('cases', name, 'sessctl.yaml')),
]

const onlyHttpd = new Set(['httpd'] as const)

const asTarget = (cluster: Cluster, base: string | null): Cluster => ({
  ...cluster,
  targets: [{ dialect: 'httpd', version: parseVersion('2.4'), base, path: ['targets', 'httpd'] }],
})

/** The file that sessctl writes for each spec that httpd can have, and its cluster. */
const written = specFiles.flatMap((file) => {
  const { cluster } = resolveSpec(readSpec(file, readFileSync(join(fixtures, file))), {})
  if (cluster === null || cluster.upstreams.length === 0) return []
  const [artifact] = renderCluster(asTarget(cluster, null), onlyHttpd).artifacts
  return artifact === undefined ? [] : [{ file, cluster, text: artifact.text }]
})

const inputsWith = (text: string): Inputs => {
  const files = new Map([['site.conf', Buffer.from(text)]])
  return new Map([['site.conf', { form: 'config', main: 'site.conf', files }]])
}

const editedBy = (cluster: Cluster, text: string): string => {
  const { artifacts, diagnostics } = renderCluster(
    asTarget(cluster, 'site.conf'),
    onlyHttpd,
    inputsWith(text),
  )
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  return artifacts[0]?.text ?? ''
}

test('there are specs of every kind', () => {
  expect(written.length).toBeGreaterThan(30)
})

test.each(written)('$file, with its own file as base, changes no byte', ({ cluster, text }) => {
  expect(editedBy(cluster, text)).toBe(text)
  const windows = text.replaceAll('\n', '\r\n')
  expect(editedBy(cluster, windows)).toBe(windows)
})

/** Files as other people lay them out. */
const layouts: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => text.replaceAll('\n    ', '\n\t'),
  (text) => text.replace(/^( *)BalancerMember (\S+)/gim, '$1balancermember    $2   '),
  (text) => text.replace(/^( +BalancerMember \S+) /gm, '$1 \\\n        '),
]

test.each(written.map((one, index) => ({ ...one, index })))(
  'the file of another spec becomes that of $file, and stays so',
  ({ cluster, index }) => {
    const other = written[(index * 7 + 3) % written.length]
    const layout = layouts[index % layouts.length]
    if (other === undefined || layout === undefined) return
    // Under the name that the other file has.
    const [own, theirs] = [cluster.upstreams[0]?.name ?? '', other.cluster.upstreams[0]?.name ?? '']
    if (own !== theirs && other.text.includes(`<Proxy balancer://${own}>`)) return
    const text = layout(other.text).replaceAll(`balancer://${theirs}`, `balancer://${own}`)
    const edited = editedBy(cluster, text)
    for (const { address } of cluster.upstreams[0]?.servers ?? [])
      expect(edited).toContain(address.kind === 'unix' ? address.path : String(address.port))
    expect(editedBy(cluster, edited)).toBe(edited)
  },
)

test.each(written)('$file, with one more server, changes one line', ({ cluster, text }) => {
  const [first, ...others] = cluster.upstreams
  const [server] = first?.servers ?? []
  if (first === undefined || server === undefined) return
  const more: Server = {
    ...server,
    name: 'one-more',
    route: 'one-more',
    state: 'up',
    address: { kind: 'inet', host: '10.99.0.1', port: 8080 },
  }
  const upstream = { ...first, servers: [...first.servers, more] }
  const edited = editedBy({ ...cluster, upstreams: [upstream, ...others] }, text).split('\n')
  const added = edited.filter((line) => line.includes('10.99.0.1:8080'))
  expect(added).toHaveLength(1)
  expect(edited.filter((line) => line !== added[0])).toEqual(text.split('\n'))
})
