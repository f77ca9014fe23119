import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect } from 'vitest'
import { allClaims, bytesOf, claimed } from './smuggling/claims.ts'
import { freePort } from './support/free-port.ts'
import { startServer } from './support/process.ts'
import { allProxies, artifactsFor, nginxOf, type RealProxy } from './support/proxies.ts'
import { rawClient } from './support/raw-client.ts'
import { isWhole } from './support/raw-http.ts'
import { type Recorded, startRecorder } from './support/recorder.ts'
import { findServer, findTomcat, type Server, withServers } from './support/servers.ts'
import { tempDir } from './support/temp-dir.ts'

const tomcats = { t9: findTomcat('9'), t11: findTomcat('11') }
const php = findServer('php', '8.2')

const outsider = '127.0.0.5'
const proxyInFront = '127.0.0.2'
const behindIt = '203.0.113.7'

/** Ports of the applications, by the name of their upstream. */
const apps = new Map<string, number>()

const upstreams = (): string =>
  [...apps]
    .map(([id, port]) => {
      const address = `address: "127.0.0.1:${port}"`
      const tomcat = Object.entries(tomcats).find(([name]) => name === id)?.[1]
      if (!tomcat || 'missing' in tomcat) return `  ${id}: { servers: { ${id}: { ${address} } } }\n`
      return `  ${id}:
    affinity: { method: jvm_route }
    servers: { ${id}: { ${address}, tomcat: { shutdownPort: -1 } } }
    app: { runtime: tomcat, version: "${tomcat.version}" }
`
    })
    .join('')

const specOf = (alone: number, behind: number): string => {
  const frontend = (name: string, port: number, more = '') => `  ${name}:
    listen: ["127.0.0.1:${port}"]
${more}    headers: { X-Shop-User: nobody }
    locations:
      - { match: /closed/, upstream: t9, allow: [127.0.0.9, ${claimed}] }
${[...apps.keys()].map((id) => `      - { match: /${id}/, upstream: ${id} }\n`).join('')}`
  const trust = `    clientAddress: { trust: [${proxyInFront}] }\n`
  return `frontends:\n${frontend('alone', alone)}${frontend('behind', behind, trust)}upstreams:\n${upstreams()}`
}

/** What PHP's own server makes of the headers. */
const page = `<?php
header('Content-Type: application/json');
file_get_contents('php://input');
echo json_encode(array_filter($_SERVER, fn ($name) => str_starts_with($name, 'HTTP_'), ARRAY_FILTER_USE_KEY));
`

const startPhp = async (server: Server): Promise<number> => {
  const [dir, port] = [tempDir(), await freePort()]
  const file = join(dir, 'headers.php')
  writeFileSync(file, page)
  const command = [server.command, '-S', `127.0.0.1:${port}`, file] as const
  await startServer(command, { cwd: dir, ports: [port] })
  return port
}

beforeAll(async () => {
  for (const id of Object.keys(tomcats)) apps.set(id, await freePort())
  if (!('missing' in php)) apps.set('php', await startPhp(php))
  const { server } = nginxOf('1.26')
  if ('missing' in server) return
  const artifacts = artifactsFor(nginxOf('1.26'), server, specOf(8000, 8001))
  await Promise.all(
    Object.entries(tomcats).map(async ([id, tomcat]) => {
      const written = artifacts.find(({ path }) => path === `tomcat/${id}/conf/server.xml`)
      if ('missing' in tomcat || !written) return
      await startRecorder(tomcat, written.text, apps.get(id) ?? 0)
    }),
  )
}, 120_000)

const start = async (proxy: RealProxy, server: Server) => {
  const [alone, behind] = [await freePort(), await freePort()]
  await proxy.start(server, artifactsFor(proxy, server, specOf(alone, behind)), [alone, behind])
  return { alone, behind }
}

/** The status and the body. */
const ask = async (port: number, from: string, bytes: string) => {
  const client = await rawClient(port, from)
  client.send(bytes)
  const answer = await client.until(isWhole)
  client.close()
  const body = /\{.*\}/s.exec(answer)?.[0] ?? 'null'
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]), body }
}

/** The client as the application sees it, as text. */
const believedBy = (app: string, body: string): string => {
  if (app === 'php') {
    const headers = JSON.parse(body) as Record<string, string>
    const known = ['FOR', 'PROTO', 'PORT', 'HOST', 'PREFIX'].map((name) => `X_FORWARDED_${name}`)
    return [...known, 'X_REAL_IP', 'FORWARDED', 'X_SHOP_USER']
      .map((name) => headers[`HTTP_${name}`] || '-')
      .join(' ')
  }
  const { client, scheme, secure, host, port, headers } = JSON.parse(body) as Recorded
  return [client, scheme, secure, host, port, headers['x-real-ip'], headers['x-shop-user']].join(
    ' ',
  )
}

const rightFor = (app: string, client: string): string =>
  app === 'php'
    ? `${client} http 80 - - ${client} - nobody`
    : `${client} http false shop.test 80 ${client} nobody`

interface Situation {
  readonly port: number
  readonly from: string
  /** What a trusted proxy in front has written. */
  readonly written: readonly string[]
  readonly client: string
}

/** PHP's own server, which is for development, takes trailers for headers; HAProxy passes them on. */
const isKnown = (proxy: RealProxy, app: string, claim: string): boolean =>
  proxy.title.startsWith('HAProxy') && app === 'php' && claim === 'trailers'

const faultsOf = async (proxy: RealProxy, situation: Situation): Promise<readonly string[]> => {
  const { port, from, written, client } = situation
  const faults: string[] = []
  for (const app of apps.keys()) {
    const { status, body } = await ask(port, from, bytesOf(`/${app}/`, { head: [] }, written))
    expect([app, status, believedBy(app, body)]).toEqual([app, 200, rightFor(app, client)])
  }
  for (const [name, claim] of Object.entries(allClaims)) {
    // A trusted proxy in front writes these itself.
    const isOwn = /X-Forwarded-For:/i.test(claim.head.join('\n'))
    if (written.length > 0 && isOwn) continue
    for (const app of apps.keys()) {
      if (isKnown(proxy, app, name)) continue
      const { status, body } = await ask(port, from, bytesOf(`/${app}/`, claim, written))
      if (status === 400) continue
      const believed = status === 200 ? believedBy(app, body) : `status ${status}`
      if (believed !== rightFor(app, client)) faults.push(`${app}, ${name}: ${believed}`)
    }
  }
  return faults
}

describe.each(allProxies.map((proxy) => [proxy.title, proxy] as const))('%s', (_title, proxy) => {
  const needs = { server: proxy.server, ...tomcats, php }

  withServers(
    needs,
    'applications get the client address from the proxy, not from the client',
    async ({ server }) => {
      const { alone, behind } = await start(proxy, server)
      const untrusted = { from: outsider, written: [], client: outsider }
      expect(await faultsOf(proxy, { ...untrusted, port: alone })).toEqual([])
      expect(await faultsOf(proxy, { ...untrusted, port: behind })).toEqual([])
      const written = [`X-Forwarded-For: ${claimed}, ${behindIt}`, 'X-Forwarded-Proto: http']
      const trusted = { port: behind, from: proxyInFront, written, client: behindIt }
      expect(await faultsOf(proxy, trusted)).toEqual([])
    },
  )

  withServers(needs, 'a forged address gives no access', async ({ server }) => {
    const { alone, behind } = await start(proxy, server)
    for (const [name, claim] of Object.entries(allClaims))
      for (const port of [alone, behind]) {
        const { status } = await ask(port, outsider, bytesOf('/closed/', claim, []))
        expect([name, [400, 403].includes(status)]).toEqual([name, true])
      }
    const { status } = await ask(alone, '127.0.0.9', bytesOf('/closed/', { head: [] }, []))
    expect(status).toBe(200)
  })

  withServers(
    needs,
    'spellings that CGI reads as a header of the proxy are refused or removed',
    async ({ server }) => {
      const { alone } = await start(proxy, server)
      for (const name of ['X_Shop_User', 'x-shop_user', 'X.Shop-User', 'X_SHOP.USER']) {
        const { status, body } = await ask(
          alone,
          outsider,
          bytesOf('/php/', { head: [`${name}: root`] }, []),
        )
        const seen = status === 200 ? believedBy('php', body) : 'refused'
        expect([name, [rightFor('php', outsider), 'refused']]).toEqual([
          name,
          expect.arrayContaining([seen]),
        ])
      }
      // Other names are the application's own business.
      const { status } = await ask(
        alone,
        outsider,
        bytesOf('/php/', { head: ['My_Header: 1'] }, []),
      )
      expect(status).toBe(200)
    },
  )
})
