import { request } from 'node:http'
import { describe, expect } from 'vitest'
import { type Backend, seenBy, startBackend } from './support/backend.ts'
import { freePort } from './support/free-port.ts'
import { startHaproxy } from './support/haproxy.ts'
import { get } from './support/http.ts'
import { artifactOf } from './support/proxied.ts'
import { findServer, type Server, withServers } from './support/servers.ts'

const versions = ['2.2', '2.6', '3.0', '3.2']

/** HAProxy in front of one upstream, and of its status page; the port. */
const start = async (haproxy: Server, upstream: string, trust = '127.0.0.1'): Promise<number> => {
  const port = await freePort()
  const spec = `
version: 1
name: test
targets: { haproxy: { version: "${haproxy.version}" } }
frontends:
  web:
    listen: ["127.0.0.1:${port}"]
    clientAddress: { trust: [${trust}] }
    locations: [{ match: /, upstream: app }, { match: /status, status: app }]
upstreams:
  app: ${upstream}
`
  await startHaproxy(haproxy, artifactOf(spec, 'haproxy/haproxy.cfg'), [port])
  return port
}

const at = ({ port }: Backend): string => `127.0.0.1:${port}`

const serversOf = (backends: readonly Backend[]): string =>
  `servers: { ${backends.map((backend) => `${backend.name}: "${at(backend)}"`).join(', ')} }`

const post = (port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method: 'POST', agent: false }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode ?? 0))
    })
    sent.once('error', reject)
    sent.end('x')
  })

/** State of each server, from the status page. */
const statesOf = async (port: number): Promise<Record<string, string | undefined>> => {
  const { body } = await get(`http://127.0.0.1:${port}/status;csv`)
  const [head = '', ...rows] = body.trim().split('\n')
  const column = head.split(',').indexOf('status')
  const states = rows.map((row) => row.split(',')).filter(([, name]) => name !== 'BACKEND')
  return Object.fromEntries(states.map((row) => [row[1], row[column]]))
}

const keys = Array.from({ length: 60 }, (_, index) => `10.${index * 4}.${index}.${255 - index}`)

describe.each(versions)('HAProxy %s', (version) => {
  const needs = { haproxy: findServer('haproxy', version) }

  /** Who serves each key. */
  const placesOf = async (port: number): Promise<readonly string[]> => {
    const places: string[] = []
    for (const key of keys) {
      const headers = { 'X-Forwarded-For': key }
      places.push(seenBy(await get(`http://127.0.0.1:${port}/?k=${key}`, { headers })).name)
    }
    return places
  }

  for (const affinity of [
    '{ method: ip_hash }',
    '{ method: hash, key: $arg_k, consistent: true }',
  ]) {
    withServers(
      needs,
      `${affinity}: a server that is down moves only its own clients`,
      async ({ haproxy }) => {
        const names = ['a', 'b', 'c', 'd']
        const backends = await Promise.all(names.map((name) => startBackend(name)))
        const port = await start(haproxy, `{ affinity: ${affinity}, ${serversOf(backends)} }`)
        const before = await placesOf(port)
        expect([...new Set(before)].sort()).toEqual(names)
        expect(await placesOf(port)).toEqual(before)
        const fewer = await start(
          haproxy,
          `{ affinity: ${affinity}, ${serversOf(backends.slice(1))} }`,
        )
        const after = await placesOf(fewer)
        const moved = keys.filter((_, index) => after[index] !== before[index])
        const orphans = keys.filter((_, index) => before[index] === 'a')
        expect(moved).toEqual(orphans)
      },
    )
  }

  withServers(needs, 'nextUpstream: retries only what may be sent twice', async ({ haproxy }) => {
    const [good, bad] = [await startBackend('good'), await startBackend('bad', { status: 503 })]
    const port = await start(
      haproxy,
      `{ nextUpstream: { on: [error, http_503], tries: 2 }, ${serversOf([good, bad])} }`,
    )
    for (let count = 0; count < 6; count++)
      expect((await get(`http://127.0.0.1:${port}/`)).status).toBe(200)
    expect(bad.count()).toBeGreaterThan(0)
    const posts = await Promise.all([post(port), post(port), post(port), post(port)])
    expect(posts.sort()).toEqual([200, 200, 503, 503])
  })

  withServers(
    needs,
    'maxFails: takes a server out after one failed connection',
    async ({ haproxy }) => {
      const [a, b] = [await startBackend('a'), await startBackend('b')]
      const port = await start(
        haproxy,
        `{ check: { interval: 1h }, servers: { a: { address: "${at(a)}", maxFails: 1, failTimeout: 400ms }, b: "${at(b)}" } }`,
      )
      await a.stop()
      const names = new Set<string>()
      for (let count = 0; count < 6; count++)
        names.add(seenBy(await get(`http://127.0.0.1:${port}/`)).name)
      expect([...names]).toEqual(['b'])
      const states = await statesOf(port)
      expect(states['a']).toMatch(/^DOWN/)
      expect(states['b']).toMatch(/^UP/)
    },
  )
})
