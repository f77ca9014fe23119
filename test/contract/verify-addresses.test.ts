import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { trafficWorld } from '../../src/adapters/traffic/index.ts'
import type { Args } from '../../src/commands/verify/options.ts'
import { connect, resolveDestination } from '../../src/commands/verify/target.ts'
import type { Context } from '../../src/context.ts'
import { afterResponse, newClientState, nextRequest } from '../../src/core/traffic/client.ts'
import type { TrafficWorld } from '../../src/ports/traffic.ts'

const signal = new AbortController().signal
const context = { cwd: '/', signal } as Context
const args = {
  host: null,
  upgradePath: null,
  ca: null,
  insecure: false,
  keepalive: true,
  timeout: '30s',
} as Args

const reachAt = async (url: URL, world: TrafficWorld) =>
  connect(url, await resolveDestination(url, args, context, world), args, context, world)

const servers: (() => void)[] = []
afterEach(() => {
  for (const close of servers.splice(0)) close()
})

/** The requests to a server on loopback, by the address that was used. */
const listening = async (answer: Readonly<Record<string, string>> = {}) => {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.socket.localAddress} ${request.headers.host} ${request.url}`)
    response.writeHead(Object.hasOwn(answer, 'location') ? 302 : 200, answer).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  servers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { asked, port: (server.address() as AddressInfo).port }
}

describe('a host name whose address changes between the check and the request', () => {
  test('is looked up once: the request uses the address that was checked', async () => {
    const { asked, port } = await listening()
    let lookups = 0
    const world = {
      ...trafficWorld(signal),
      // An unknown name: a second lookup fails.
      addressesOf: async () => [++lookups === 1 ? '127.0.0.1' : '192.0.2.1'],
    }
    const url = new URL(`http://rebind.invalid:${port}/shop/`)
    const { target, endpoint: place } = await reachAt(url, world)
    expect(target.address).toBe('127.0.0.1')
    const line = world.openClient(target)
    for (const client of [0, 1])
      expect(
        (await line.send({ path: '/', headers: {}, localAddress: null, client })).failure,
      ).toBeNull()
    line.close()
    expect(lookups).toBe(1)
    expect(asked).toEqual([
      `127.0.0.1 rebind.invalid:${port} /shop/`,
      `127.0.0.1 rebind.invalid:${port} /`,
      `127.0.0.1 rebind.invalid:${port} /`,
    ])
    expect(place.host).toBe('rebind.invalid')
  })

  test('is refused if one of several addresses belongs to another host', async () => {
    const world = { ...trafficWorld(signal), addressesOf: async () => ['127.0.0.1', '192.0.2.1'] }
    await expect(reachAt(new URL('http://both.invalid/'), world)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('192.0.2.1'),
    })
  })
})

describe('a redirect to another host', () => {
  test('is not followed', async () => {
    const other = await listening()
    const location = `http://127.0.0.1:${other.port}/elsewhere`
    const { port } = await listening({ location })
    const url = new URL(`http://127.0.0.1:${port}/`)
    const { firstResult: first } = await reachAt(url, trafficWorld(signal))
    expect(first.response.status).toBe(302)
    expect(other.asked).toEqual([])
  })

  test('sets no cookie for another host', () => {
    const paths = { path: '/', upgradePath: '/' }
    const place = { ...paths, host: 'shop.example', isTls: false, hasManyAddresses: false }
    const behaviour = { session: 'cookie', isForwarded: false } as Parameters<typeof nextRequest>[3]
    const identity = { session: { cookie: 'S', url: 's', route: 'suffix' } } as Parameters<
      typeof nextRequest
    >[4]
    const set = ['a=1; Domain=evil.test', 'c=3; Domain=shop.example', 'd=4']
    const answer = { status: 200, headers: new Map([['set-cookie', set]]), body: '' }
    const memory = afterResponse(newClientState, answer, identity, place, 0)
    const sent = (host: string) =>
      nextRequest(0, 0, memory, behaviour, identity, { ...place, host }).headers['Cookie']
    expect(sent('shop.example')).toBe('c=3; d=4')
    expect(sent('evil.test')).toBeUndefined()
  })
})
