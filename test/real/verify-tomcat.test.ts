import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Result } from '../../src/core/traffic/evaluate.ts'
import { runCli } from '../support/run-cli.ts'
import { freePort } from './support/free-port.ts'
import { artifactsFor, nginxOf } from './support/proxies.ts'
import { findTomcat, withServers } from './support/servers.ts'
import { tempDir } from './support/temp-dir.ts'
import { stageTomcat, startTomcat } from './support/tomcat.ts'

const nginx = nginxOf('1.30')
const routes = ['tomcat01', 'tomcat02']

withServers(
  { server: nginx.server, tomcat: findTomcat('10.1') },
  'Tomcats that were written for, by the routes in their session ids',
  async ({ server, tomcat }) => {
    const [web, ...ports] = [await freePort(), await freePort(), await freePort()]
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
    const artifacts = artifactsFor(nginx, server, rest)
    const textOf = (path: string) => artifacts.find((one) => one.path === path)?.text ?? ''
    for (const [index, route] of routes.entries()) {
      const base = stageTomcat(tomcat, {
        serverXml: textOf(`tomcat/${route}/conf/server.xml`),
        contextXml: textOf(`tomcat/${route}/conf/context.xml`),
      })
      await startTomcat(base, [ports[index] ?? 0])
    }
    await nginx.start(server, artifacts, [web ?? 0])
    const folder = tempDir()
    const spec = `version: 1\nname: test\ntargets: { ${nginx.target(server)} }\n${rest}`
    writeFileSync(join(folder, 'cluster.yaml'), spec)
    const run = await runCli(
      [
        ...['verify', `http://127.0.0.1:${web}/session.jsp`, '--file', 'cluster.yaml'],
        ...['--count-by', 'json:count', '--clients', '40', '--requests', '5', '--format', 'json'],
      ],
      { cwd: folder },
    )
    const { trials } = JSON.parse(run.stdout) as {
      trials: readonly { results: readonly Result[] }[]
    }
    const results = trials[0]?.results ?? []
    expect(results.filter(({ isClaimed }) => isClaimed).map(({ scenario }) => scenario)).toEqual([
      'spread',
      'nat',
      'sticky',
      'parallel',
      'url',
    ])
    for (const { isClaimed, status, reason } of results)
      if (isClaimed) expect({ status, reason }).toEqual({ status: 'held', reason: '' })
    const sticky = results.find(({ scenario }) => scenario === 'sticky')
    expect(sticky?.figures?.shares).toMatchObject({ sticky: 1, kept: 1, answered: 1 })
    expect(sticky?.figures?.servers.map(({ name }) => name)).toEqual(routes)
    expect(run.exitCode).toBe(0)
  },
)
