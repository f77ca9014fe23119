import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import type { ScenarioResult, Trial } from '../../src/core/traffic/evaluate.ts'
import { runCli } from '../support/run-cli.ts'
import { freePort } from './support/free-port.ts'
import { artifactsFor, haproxyOf, httpd, nginxOf, type RealProxy } from './support/proxies.ts'
import { type Server, withServers } from './support/servers.ts'
import { type SessionServer, startSessionServers } from './support/session-servers.ts'
import { tempDir } from './support/temp-dir.ts'

const names = ['a', 'b', 'c']

interface Behind {
  readonly affinity: string
  readonly clientAddress?: string
  /** What the servers put into their session ids, where it is not what the balancer thinks. */
  readonly routes?: Readonly<Record<string, string>>
}

const restOf = (port: number, servers: readonly SessionServer[], behind: Behind): string => `
frontends:
  web:
    listen: ["127.0.0.1:${port}"]
    ${behind.clientAddress === undefined ? '' : `clientAddress: ${behind.clientAddress}`}
    locations: [{ match: /, upstream: app }]
upstreams:
  app:
    affinity: ${behind.affinity}
    servers: { ${servers.map(({ name, address }) => `${name}: "${address}"`).join(', ')} }
`

/** A real balancer before three servers, and its spec in a folder. */
const startCluster = async (proxy: RealProxy, server: Server, behind: Behind) => {
  const servers = await startSessionServers(names, behind.routes)
  const port = await freePort()
  const rest = restOf(port, servers, behind)
  await proxy.start(server, artifactsFor(proxy, server, rest), [port])
  const folder = mkdtempSync(join(tempDir(), 'verify-'))
  const spec = `version: 1\nname: test\ntargets: { ${proxy.target(server)} }\n${rest}`
  writeFileSync(join(folder, 'cluster.yaml'), spec)
  return { url: `http://127.0.0.1:${port}/`, folder }
}

interface Answer {
  readonly exitCode: number
  readonly trials: readonly Trial[]
}

const verify = async (url: string, folder: string, ...args: readonly string[]) => {
  const small = ['--clients', '60', '--requests', '5', '--format', 'json']
  const run = await runCli(['verify', url, ...small, ...args], { cwd: folder })
  expect(run.stderr).toBe('')
  const { exitCode, trials } = JSON.parse(run.stdout) as Answer
  expect(run.exitCode).toBe(exitCode)
  const results = new Map((trials[0]?.results ?? []).map((result) => [result.scenario, result]))
  const of = (name: ScenarioResult['scenario']) => {
    const result = results.get(name)
    if (result === undefined) throw new Error(`${name} was not run`)
    return result
  }
  return { exitCode, of, names: [...results.keys()], text: run.stdout }
}

const bySpec = ['--file', 'cluster.yaml'] as const
const byBody = ['--server-by', 'json:name', '--count-by', 'json:count'] as const

describe('verify confirms the claims of a spec on a running balancer', () => {
  const cases: readonly (readonly [RealProxy, string, readonly string[]])[] = [
    // Maps on a stock nginx, native `sticky route`, and use-server.
    [
      nginxOf('1.26'),
      '{ method: jvm_route }',
      ['spread', 'nat', 'subnet', 'sticky', 'parallel', 'url'],
    ],
    [
      nginxOf('1.30'),
      '{ method: jvm_route }',
      ['spread', 'nat', 'subnet', 'sticky', 'parallel', 'url'],
    ],
    [
      haproxyOf('2.6'),
      '{ method: jvm_route }',
      ['spread', 'nat', 'subnet', 'sticky', 'parallel', 'url'],
    ],
    [
      nginxOf('1.30'),
      '{ method: sticky, by: cookie, cookie: SRV }',
      ['spread', 'nat', 'subnet', 'sticky', 'parallel'],
    ],
    [
      haproxyOf('3.0'),
      '{ method: sticky, by: cookie, cookie: SRV }',
      ['spread', 'nat', 'subnet', 'sticky', 'parallel'],
    ],
    [nginxOf('1.22'), '{ method: ip_hash }', ['spread', 'sticky']],
    [haproxyOf('2.6'), '{ method: ip_hash }', ['spread', 'sticky']],
    [httpd, '{ method: jvm_route }', ['spread', 'nat', 'subnet', 'sticky', 'parallel', 'url']],
  ]
  for (const [proxy, affinity, claimed] of cases) {
    withServers({ server: proxy.server }, `${proxy.title} ${affinity}`, async ({ server }) => {
      // By what the spec says itself, and by what the servers say of themselves.
      for (const marks of [[], [...byBody, '--keepalive']]) {
        // Restarted: httpd sends new clients to servers that had fewer pinned requests.
        const { url, folder } = await startCluster(proxy, server, { affinity })
        const said = await verify(url, folder, ...bySpec, ...marks)
        const held = said.names.filter((name) => said.of(name).isClaimed)
        expect(held).toEqual(claimed)
        for (const name of held) expect(said.of(name)).toMatchObject({ status: 'held', reason: '' })
        expect(said.exitCode).toBe(0)
        expect(said.of('sticky').figures).toMatchObject({ requests: 300, failed: 0, clients: 60 })
      }
    })
  }
})

describe('verify refutes claims that are false', () => {
  const nginx = nginxOf('1.26')

  withServers(
    { server: nginx.server },
    'without affinity, sessions are lost',
    async ({ server }) => {
      const { url, folder } = await startCluster(nginx, server, { affinity: '{ method: none }' })
      // So many that none finds its server again each time, whatever the order in which they come.
      const often = ['--requests', '20', '--claim', 'sticky=100%']
      const said = await verify(url, folder, ...byBody, ...often)
      expect(said.exitCode).toBe(1)
      const { figures, status } = said.of('sticky')
      expect(status).toBe('failed')
      // One of nginx's workers takes the servers in turn: hardly any request finds its server again.
      expect(figures?.shares.sticky).toBeLessThan(0.6)
      expect(figures?.shares.kept).toBe(0)
      // The cookies tell it, too: each server gives a session that it does not know a new id.
      expect((await verify(url, folder, '--claim', 'sticky')).exitCode).toBe(1)
      // An unclaimed result is not a failure.
      const spread = await verify(url, folder, ...bySpec)
      expect(spread).toMatchObject({ exitCode: 0 })
      expect(spread.of('spread')).toMatchObject({ isClaimed: true, status: 'held' })
      expect(spread.of('sticky')).toMatchObject({ isClaimed: false, status: 'failed' })
    },
  )

  for (const proxy of [nginx, haproxyOf('2.6')]) {
    const title = `${proxy.title}: ip_hash has all of an office on one server`
    withServers({ server: proxy.server }, title, async ({ server }) => {
      const { url, folder } = await startCluster(proxy, server, { affinity: '{ method: ip_hash }' })
      const asked = ['--clients', '1000', '--requests', '1', '--servers', '3']
      const both = ['nat', 'spread'].flatMap((name) => ['--scenario', name, '--claim', name])
      const said = await verify(url, folder, ...byBody, ...asked, ...both)
      expect(said.exitCode).toBe(1)
      expect(said.of('nat').reason).toMatch(/^all 1000 clients went to [abc] \(0% even\)$/)
      expect(said.of('spread')).toMatchObject({ status: 'held' })
    })
  }

  withServers(
    { server: nginx.server },
    'a wrong jvmRoute spreads a session over servers',
    async ({ server }) => {
      const routes = { a: 'tomcatA', b: 'tomcatB', c: 'tomcatC' }
      const { url, folder } = await startCluster(nginx, server, {
        affinity: '{ method: jvm_route }',
        routes,
      })
      const said = await verify(url, folder, ...bySpec, ...byBody)
      expect(said.exitCode).toBe(1)
      expect(said.of('sticky')).toMatchObject({ status: 'failed' })
      expect(said.of('sticky').figures?.shares.sticky).toBeLessThan(0.6)
      expect(said.of('sticky').reason).toMatch(
        /; sessions have the routes tomcatA, tomcatB, tomcatC, which no server of the spec has; every session was lost$/,
      )
      expect(said.of('url')).toMatchObject({ status: 'failed' })
    },
  )

  withServers(
    { server: nginx.server },
    'a CDN breaks ip_hash unless it is trusted',
    async ({ server }) => {
      const affinity = '{ method: ip_hash }'
      const blind = await startCluster(nginx, server, { affinity })
      const untrusting = await verify(
        blind.url,
        blind.folder,
        ...bySpec,
        ...byBody,
        '--claim',
        'cdn',
      )
      expect(untrusting.exitCode).toBe(1)
      expect(untrusting.of('cdn')).toMatchObject({ status: 'failed' })
      const clientAddress = '{ trust: ["127.0.0.0/8"], header: X-Forwarded-For }'
      const knowing = await startCluster(nginx, server, { affinity, clientAddress })
      const trusting = await verify(
        knowing.url,
        knowing.folder,
        ...bySpec,
        ...byBody,
        '--claim',
        'cdn',
      )
      expect(trusting.of('cdn')).toMatchObject({ status: 'held', reason: '' })
      expect(trusting.exitCode).toBe(0)
    },
  )
})
