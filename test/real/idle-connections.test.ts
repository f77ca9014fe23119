import { mkdirSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Artifact } from '../../src/core/render/artifact.ts'
import { until } from './stores/wait.ts'
import { freePorts } from './support/free-port.ts'
import { get } from './support/http.ts'
import { artifactsFor, haproxyOf, httpd, nginxOf, type RealProxy } from './support/proxies.ts'
import { findTomcat, type Server, type Tomcat, withServers } from './support/servers.ts'
import { stageTomcat, startTomcat } from './support/tomcat.ts'

/** A proxy between balancer and Tomcat that counts connections and records which side closes each. */
const listenBetween = async (tomcatPort: number) => {
  const closedBy: ('balancer' | 'tomcat')[] = []
  let connections = 0
  const server = createServer((balancer) => {
    connections += 1
    let isClosed = false
    const tomcat = connect(tomcatPort, '127.0.0.1')
    const close = (side: 'balancer' | 'tomcat') => () => {
      if (isClosed) return
      isClosed = true
      closedBy.push(side)
      balancer.destroy()
      tomcat.destroy()
    }
    balancer.on('end', close('balancer')).on('error', close('balancer')).pipe(tomcat)
    tomcat.on('end', close('tomcat')).on('error', close('tomcat')).pipe(balancer)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return { port, closedBy, count: () => connections, close: () => server.close() }
}

interface Waited {
  readonly proxy: RealProxy
  readonly server: Server
  readonly tomcat: Tomcat
  readonly keepalive: string
  /** Shorter timeouts than the generated ones. */
  readonly shorter: (text: string) => string
  /** Of the balancer's host. */
  readonly host?: string
}

/** Starts one balancer and one Tomcat with the generated files. */
const start = async ({ proxy, server, tomcat, keepalive, shorter, host = '' }: Waited) => {
  const [entrance = 0, port = 0, shutdownPort = 0] = await freePorts(3)
  const between = await listenBetween(port)
  const artifacts = artifactsFor(
    proxy,
    server,
    `frontends: { web: { listen: ["127.0.0.1:${entrance}"], locations: [{ match: /, upstream: shop }] } }
upstreams:
  shop:
    affinity: { method: jvm_route }
${keepalive}
    servers: { t1: { address: "127.0.0.1:${between.port}", maxFails: 0, tomcat: { httpPort: ${port}, shutdownPort: ${shutdownPort} } } }
    app: { runtime: tomcat, version: "${tomcat.version}" }
`,
  ).map((artifact): Artifact => ({ ...artifact, text: shorter(artifact.text) }))
  const base = stageTomcat(tomcat, { serverXml: '' })
  for (const { path, text } of artifacts.filter(({ path }) => path.startsWith('tomcat/t1/'))) {
    const file = join(base.dir, path.slice('tomcat/t1/'.length))
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  const running = await startTomcat(base, [port])
  const balancer = await proxy.start(server, artifacts, [entrance], host)
  const ask = async () => {
    const { status } = await get(`http://127.0.0.1:${entrance}/session.jsp`, { timeout: 60_000 })
    expect(status, running.output()).toBe(200)
  }
  const stop = async () => {
    await balancer.stop()
    await running.stop()
    between.close()
  }
  return { between, ask, stop }
}

const tomcat = findTomcat('10.1')

/** A thirtieth of the generated timeouts; doubled for Tomcat, for slow machines. */
const aThirtieth = (text: string): string =>
  text.replaceAll('keepalive_timeout 60s', 'keepalive_timeout 2s').replaceAll('"75000"', '"5000"')

for (const [proxy, keepalive, shorter] of [
  [nginxOf('1.30'), '', aThirtieth],
  [nginxOf('1.22'), '    keepalive: 8', aThirtieth],
  [haproxyOf('2.2'), '', (text: string) => text],
  [haproxyOf('3.2'), '', (text: string) => text],
] as const)
  withServers(
    { server: proxy.server, tomcat },
    `${proxy.title} closes an idle connection to Tomcat before Tomcat does`,
    async ({ server, tomcat }) => {
      const { between, ask, stop } = await start({ proxy, server, tomcat, keepalive, shorter })
      await ask()
      await ask()
      expect(between.count()).toBeGreaterThan(0)
      const closed = await until('the end of the connection', () => between.closedBy[0] ?? null)
      expect(closed).toBe('balancer')
      await stop()
    },
  )

withServers(
  { server: httpd.server, tomcat },
  'httpd does not reuse a connection that was idle for the generated timeout',
  async ({ server, tomcat }) => {
    const { between, ask, stop } = await start({
      proxy: httpd,
      server,
      tomcat,
      keepalive: '',
      shorter: (text) => text.replaceAll('ttl=60', 'ttl=10'),
      // Each process has its own connections.
      host: 'StartServers 1\nServerLimit 1\nThreadsPerChild 25\nMaxRequestWorkers 25',
    })
    await ask()
    await ask()
    expect(between.count()).toBe(1)
    await sleep(11_500)
    await ask()
    expect(between.count()).toBe(2)
    expect(between.closedBy).not.toContain('tomcat')
    await stop()
  },
)
