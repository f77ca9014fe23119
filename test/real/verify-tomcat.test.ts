import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, vi } from 'vitest'
import type { ScenarioResult, Trial } from '../../src/core/traffic/evaluate.ts'
import { findVariant } from '../module/support/variants.ts'
import { runCli } from '../support/run-cli.ts'
import { freePorts } from './support/free-port.ts'
import { startNginx } from './support/nginx.ts'
import { artifactsFor, nginxOf } from './support/proxies.ts'
import { findTomcat, type Server, type Tomcat, withServers } from './support/servers.ts'
import { tempDir } from './support/temp-dir.ts'
import { type RunningTomcat, stageTomcat, startTomcat, type TomcatBase } from './support/tomcat.ts'

vi.setConfig({ testTimeout: 300_000 })

const routes = ['tomcat01', 'tomcat02']
const claimed = ['spread', 'nat', 'subnet', 'sticky', 'parallel', 'url']

interface Shop {
  /** Those of the scenarios that are claimed, and whether all of them hold. */
  readonly verify: () => Promise<{
    readonly exitCode: number
    readonly results: readonly ScenarioResult[]
  }>
  /** Writes another word for a jvmRoute into one server.xml, and starts that Tomcat again. */
  readonly mistype: (route: string, word: string) => Promise<void>
}

interface Member {
  readonly base: TomcatBase
  readonly port: number
  running: RunningTomcat
}

/** Two Tomcats behind an nginx, with their generated files. */
const startShop = async (nginx: Server, main: string, target: string, tomcat: Tomcat) => {
  const [web = 0, ...ports] = await freePorts(3)
  const declared = routes.map(
    (route, index) =>
      `${route}: { address: "127.0.0.1:${ports[index]}", tomcat: { shutdownPort: -1 } }`,
  )
  const rest = `
frontends: { web: { listen: ["127.0.0.1:${web}"], locations: [{ match: /, upstream: app }] } }
upstreams:
  app:
    affinity: { method: jvm_route }
    servers: { ${declared.join(', ')} }
    app: { runtime: tomcat, version: "${tomcat.version}" }
`
  const proxy = { ...nginxOf('1.26'), target: () => target }
  const artifacts = artifactsFor(proxy, nginx, rest)
  const textOf = (path: string) => artifacts.find((one) => one.path === path)?.text ?? ''
  const members = new Map<string, Member>()
  for (const [index, route] of routes.entries()) {
    const base = stageTomcat(tomcat, {
      serverXml: textOf(`tomcat/${route}/conf/server.xml`),
      contextXml: textOf(`tomcat/${route}/conf/context.xml`),
    })
    const port = ports[index] ?? 0
    members.set(route, { base, port, running: await startTomcat(base, [port]) })
  }
  const http = artifacts.find(({ dialect }) => dialect === 'nginx')?.text ?? ''
  await startNginx(nginx, { main, http }, [web])
  const folder = tempDir()
  writeFileSync(
    join(folder, 'cluster.yaml'),
    `version: 1\nname: test\ntargets: { ${target} }\n${rest}`,
  )
  const shop: Shop = {
    verify: async () => {
      const run = await runCli(
        [
          ...['verify', `http://127.0.0.1:${web}/session.jsp`, '--file', 'cluster.yaml'],
          ...['--count-by', 'json:count', '--clients', '40', '--requests', '5', '--format', 'json'],
        ],
        { cwd: folder },
      )
      expect(run.stderr).toBe('')
      const { trials } = JSON.parse(run.stdout) as { readonly trials: readonly Trial[] }
      const results = trials.flatMap((trial) => trial.results).filter((one) => one.isClaimed)
      expect(results.map(({ scenario }) => scenario)).toEqual(claimed)
      return { exitCode: run.exitCode ?? -1, results }
    },
    mistype: async (route, word) => {
      const member = members.get(route)
      if (member === undefined) throw new Error(route)
      await member.running.stop()
      const file = join(member.base.dir, 'conf', 'server.xml')
      const text = readFileSync(file, 'utf8')
      expect(text.split(`jvmRoute="${route}"`)).toHaveLength(2)
      writeFileSync(file, text.replace(`jvmRoute="${route}"`, `jvmRoute="${word}"`))
      member.running = await startTomcat(member.base, [member.port])
    },
  }
  return shop
}

const allHold = claimed.map((scenario) => ({ scenario, status: 'held', reason: '' }))
const said = (results: readonly ScenarioResult[]) =>
  results.map(({ scenario, status, reason }) => ({ scenario, status, reason }))
const stickyOf = (results: readonly ScenarioResult[]) =>
  results.find(({ scenario }) => scenario === 'sticky')

const tomcat = findTomcat('10.1')
const native = nginxOf('1.30').server

withServers(
  { native, tomcat },
  'verify recognises the Tomcats of the spec by the routes in their session ids',
  async ({ native, tomcat }) => {
    const target = `nginx: { version: "${native.version}" }`
    const shop = await startShop(native, '', target, tomcat)
    const { exitCode, results } = await shop.verify()
    expect(said(results)).toEqual(allHold)
    const figures = stickyOf(results)?.figures
    expect(figures?.shares).toMatchObject({ sticky: 1, kept: 1, answered: 1 })
    expect(figures?.servers.map(({ name }) => name)).toEqual(routes)
    expect(exitCode).toBe(0)
  },
)

withServers(
  { nginx: findVariant('1.26', 'static'), tomcat },
  'verify reports a wrong jvmRoute of a server of the jvm_route module',
  async ({ nginx, tomcat }) => {
    const target = `nginx: { version: "${nginx.version}", modules: [jvm_route] }`
    const shop = await startShop(nginx, nginx.loadModule, target, tomcat)
    const right = await shop.verify()
    expect(said(right.results)).toEqual(allHold)
    expect(stickyOf(right.results)?.figures?.shares).toMatchObject({ sticky: 1, kept: 1 })
    expect(right.exitCode).toBe(0)

    const expectNamed = async (scenarios: readonly string[], carried: readonly string[]) => {
      const { exitCode, results } = await shop.verify()
      expect(exitCode).toBe(1)
      const named = `sessions have the route${carried.length === 1 ? '' : 's'} ${carried.join(', ')}, which no server of the spec has`
      for (const scenario of scenarios)
        expect(said(results)).toContainEqual({
          scenario,
          status: 'failed',
          reason: expect.stringContaining(named),
        })
      const sticky = stickyOf(results)
      expect(sticky?.figures).toMatchObject({ failed: 0, unknownRoutes: carried })
      return sticky?.figures?.shares
    }
    await shop.mistype('tomcat02', 'tomcat2')
    // How many stay is chance: what is pinned to one server has the other take what is not. And two
    // browsers may both begin on the right one.
    await expectNamed(['sticky', 'url'], ['tomcat2'])
    await shop.mistype('tomcat01', 'tomcat1')
    const shares = await expectNamed(['sticky', 'parallel', 'url'], ['tomcat1', 'tomcat2'])
    // Nobody is pinned, and log-ins are lost.
    expect(shares?.sticky).toBeLessThan(0.9)
    expect(shares?.kept).toBeLessThan(0.5)
  },
)
