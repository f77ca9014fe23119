import { beforeAll, describe, expect } from 'vitest'
import { type Attack, framing } from './smuggling/attacks.ts'
import {
  insider,
  narrow,
  startInFront,
  startTargets,
  type Target,
  tomcats,
  wide,
} from './smuggling/cluster.ts'
import { meanings } from './smuggling/paths.ts'
import { startBackend } from './support/backend.ts'
import { freePort } from './support/free-port.ts'
import { get } from './support/http.ts'
import { allProxies, artifactsFor, type RealProxy } from './support/proxies.ts'
import { rawClient } from './support/raw-client.ts'
import { isWhole } from './support/raw-http.ts'
import type { Recorded } from './support/recorder.ts'
import { withServers } from './support/servers.ts'

let everyTarget: readonly Target[] = []

beforeAll(async () => {
  everyTarget = await startTargets()
}, 120_000)

const newest: ReadonlySet<string> = new Set(['nginx 1.30', 'HAProxy 3.2', 'httpd 2.4'])

/** Every Tomcat behind the newest release of each proxy, the oldest and the newest behind the others. */
const targetsOf = ({ title }: RealProxy): readonly Target[] =>
  newest.has(title) ? everyTarget : everyTarget.filter(({ id }) => id === 't7.0' || id === 't11')

/** What no client of the test may reach, whatever it sends. */
const isForbidden = ({ host, path }: Recorded): boolean => {
  if (host === narrow) return !path.startsWith('/ok/')
  return host !== wide || /^\/intern\/|^\/secret$|\.adm$/.test(path)
}

/** What went wrong with another client, who asks for a page of their own; null: nothing. */
const neighbour = async (port: number, path: string): Promise<string | null> => {
  const url = `http://127.0.0.1:${port}${path}`
  const answer = await get(url, { headers: { Host: wide } }).catch((error: unknown) => ({
    status: 0,
    body: String(error),
  }))
  const isOwn = answer.status === 200 && answer.body.includes(`"path":"${path}"`)
  return isOwn ? null : `${path} got ${answer.status} ${answer.body.slice(0, 200)}`
}

/** So many attacks are sent before Tomcat is asked what reached it: its list is long to read. */
const perList = 8

/** Sends each attack, then requests of others over the same connections to the server. */
const faultsOf = async (
  { recorder }: Target,
  port: number,
  host: string,
  attacks: readonly Attack[],
): Promise<readonly string[]> => {
  const faults: string[] = []
  let count = 0
  const own = () => `/ok/neighbour-${++count}`
  // An idle connection to the server for the first attack to use; the others have that of the neighbours.
  await neighbour(port, own())
  for (let start = 0; start < attacks.length; start += perList) {
    const some = attacks.slice(start, start + perList)
    for (const { name, bytes } of some) {
      const attacker = await rawClient(port)
      attacker.send(bytes(host))
      await attacker.settled(25, 250)
      const others = [await neighbour(port, own()), await neighbour(port, own())]
      attacker.close()
      for (const other of others) if (other !== null) faults.push(`${name}: ${other}`)
    }
    const names = some.map(({ name }) => name).join(', ')
    for (const { method, uri } of (await recorder.requests()).filter(isForbidden))
      faults.push(`one of ${names}: ${method} ${uri} was answered`)
  }
  return faults
}

/** Of all Tomcats at the same time. */
const allFaults = async (
  targets: readonly Target[],
  ports: ReadonlyMap<string, number>,
  host: string,
  attacks: readonly Attack[],
): Promise<readonly string[]> => {
  const faults = targets.map(async (target) => {
    const found = await faultsOf(target, ports.get(target.id) ?? 0, host, attacks)
    return found.map((each) => `${target.id}: ${each}`)
  })
  return (await Promise.all(faults)).flat()
}

/** Paths as applications use them. */
const ordinary = [
  ...['/', '/ok/', '/ok/a', '/ok/a..b', '/ok/..a', '/ok/...', '/ok/.well-known/a', '/ok/a.b'],
  ...[
    '/ok/a;jsessionid=1.t9',
    '/ok/a;a=b;c=d',
    '/ok/a?b=/../c',
    '/ok/a?b=;/c',
    '/ok/a%20b',
    '/ok/%41',
  ],
  '/a.png;jsessionid=1.t9',
]

/** Paths that are restricted, as an allowed client whose session id is in the URL asks for them. */
const restricted = [
  ...['/intern/a', '/intern/a;jsessionid=1.t9', '/secret', '/secret;jsessionid=1.t9'],
  ...['/x.adm', '/x.adm;jsessionid=1.t9', '/intern/a.png;jsessionid=1.t9'],
]

const statusFrom = async (port: number, from: string, path: string): Promise<number> => {
  const client = await rawClient(port, from)
  client.send(`GET ${path} HTTP/1.1\r\nHost: ${wide}\r\nConnection: close\r\n\r\n`)
  const answer = await client.until(isWhole)
  client.close()
  return Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1])
}

describe.each(allProxies.map((proxy) => [proxy.title, proxy] as const))('%s', (_title, proxy) => {
  const needs = { server: proxy.server, ...tomcats }

  withServers(
    needs,
    'ends requests at the same byte as Tomcat',
    async ({ server }) => {
      const ports = await startInFront(proxy, server, targetsOf(proxy))
      expect(await allFaults(targetsOf(proxy), ports, wide, framing)).toEqual([])
    },
    { timeout: 300_000 },
  )

  withServers(
    needs,
    'paths and hosts do not bypass the locations',
    async ({ server }) => {
      const ports = await startInFront(proxy, server, targetsOf(proxy))
      expect(await allFaults(targetsOf(proxy), ports, wide, meanings)).toEqual([])
      expect(await allFaults(targetsOf(proxy), ports, narrow, meanings)).toEqual([])
    },
    { timeout: 300_000 },
  )

  withServers(needs, 'serves ordinary paths and session ids in URLs', async ({ server }) => {
    const ports = await startInFront(proxy, server, targetsOf(proxy))
    for (const { id } of targetsOf(proxy)) {
      const port = ports.get(id) ?? 0
      for (const path of ordinary)
        expect([id, path, await statusFrom(port, '127.0.0.1', path)]).toEqual([id, path, 200])
      for (const path of restricted) {
        expect([id, path, await statusFrom(port, insider, path)]).toEqual([id, path, 200])
        expect([id, path, await statusFrom(port, '127.0.0.1', path)]).toEqual([id, path, 403])
      }
    }
  })

  // Applications that read such paths exist; Tomcat refuses them.
  withServers({ server: proxy.server }, 'refuses what it cannot decode', async ({ server }) => {
    const [app, port] = [await startBackend('app'), await freePort()]
    const rest = `frontends:
  web:
    listen: ["127.0.0.1:${port}"]
    locations: [{ match: /, upstream: app }, { match: /intern/, upstream: app, allow: [${insider}] }]
upstreams: { app: { servers: { app: "127.0.0.1:${app.port}" } } }
`
    await proxy.start(server, artifactsFor(proxy, server, rest), [port])
    for (const path of ['/intern/%zz', '/intern/%', '/intern/%4', '/%zz/../intern/a', 'intern/a'])
      expect([path, await statusFrom(port, '127.0.0.1', path)]).toEqual([path, 400])
    expect(app.count()).toBe(0)
  })
})
