import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { type ImportSource, type InstalledNginx, importFiles } from '../../src/core/import/index.ts'
import type { Cluster } from '../../src/core/model/cluster.ts'
import { readSpec, resolveSpec } from '../../src/core/pipeline.ts'
import { compileFolder } from '../support/cases.ts'
import { compileText } from '../support/compile.ts'

const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url))

const specFiles = [
  ...readdirSync(join(fixtures, 'specs'))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => join('specs', name)),
  ...readdirSync(join(fixtures, 'cases')).map((name) => join('cases', name, 'sessctl.yaml')),
]

/** The file for the http level that sessctl writes, and the nginx that it is for. */
const written = specFiles.flatMap((file) => {
  const place = join(fixtures, file)
  const { cluster, spec } = resolveSpec(readSpec(file, readFileSync(place)), {})
  const nginx = spec?.targets.nginx
  if (cluster === null || cluster.upstreams.length === 0 || nginx === undefined) return []
  const { artifacts } = compileFolder(dirname(place), file.replace(/.*\//, ''))
  const artifact = artifacts.find(({ path }) => path === `nginx/${cluster.name}.conf`)
  if (artifact === undefined) return []
  const { flavor, modules, version } = nginx
  return [{ file, cluster, text: artifact.text, installed: { flavor, modules, version } }]
})

const imported = (text: string, nginx: InstalledNginx | null) => {
  const files = new Map([['site.conf', Buffer.from(text)]])
  const source: ImportSource = {
    kind: 'nginx',
    file: 'site.conf',
    config: { form: 'config', main: 'site.conf', files },
  }
  const { diagnostics, text: spec } = importFiles([source], {
    spec: 'sessctl.yaml',
    name: null,
    nginx,
  })
  return { diagnostics, spec, source }
}

test('there are files of every kind', () => {
  expect(written.length).toBeGreaterThan(30)
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

/** Their files do not tell it: a server is left out, and blocks of two upstreams have one name. */
const lessThanSpec = ['nginx-sticky-cookie-tengine/', 'nginx-names-that-collide/']

test.each(written)(
  'the spec that is imported from the file of $file changes no byte of it, and means the same',
  ({ file, text, cluster, installed }) => {
    const { diagnostics, spec, source } = imported(text, installed)
    expect(diagnostics).toEqual([])
    const { artifacts, cluster: again } = compileText(
      spec ?? '',
      new Map([['site.conf', source.config]]),
    )
    expect(artifacts.find(({ path }) => path === 'nginx/site.conf')?.text).toBe(text)
    if (lessThanSpec.some((name) => file.includes(name))) return
    expect(again && meaning(again)).toEqual(meaning(cluster))
  },
)
