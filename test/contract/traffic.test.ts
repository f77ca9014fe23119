import { createHash } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { afterEach, describe, expect, test } from 'vitest'
import { trafficWorld } from '../../src/adapters/traffic/index.ts'
import type { HttpTarget } from '../../src/ports/traffic.ts'
import { makeCertificate } from '../real/support/certificate.ts'
import { freePort } from '../real/support/free-port.ts'

const servers: Server[] = []
const upgraded: Duplex[] = []
afterEach(async () => {
  for (const socket of upgraded.splice(0)) socket.destroy()
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

/** Returns the client and its connection; `/silent` is never answered, the response of `/cut` is truncated. */
const startServer = async (): Promise<number> => {
  const server = createServer(({ url = '', headers, socket }, response) => {
    if (url === '/silent') return
    if (url === '/cut') {
      response.writeHead(200, { 'Content-Length': '100' })
      response.write('short')
      setImmediate(() => socket.destroy())
      return
    }
    if (url === '/long') {
      response.end('x'.repeat(1_000_000))
      return
    }
    response.writeHead(
      url === '/gone' ? 503 : 200,
      [
        ['Set-Cookie', 'a=1'],
        ['Set-Cookie', 'b=2'],
      ].flat(),
    )
    response.end(JSON.stringify({ from: socket.remoteAddress, port: socket.remotePort, headers }))
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

const lineTo = (port: number, given: Partial<HttpTarget> = {}, signal?: AbortSignal) =>
  trafficWorld(signal ?? new AbortController().signal).openClient({
    address: '127.0.0.1',
    port,
    isTls: false,
    host: `127.0.0.1:${port}`,
    authorities: null,
    isInsecure: false,
    keepsAlive: false,
    timeoutMs: 30_000,
    ...given,
  })

const plain = { path: '/', headers: {}, localAddress: null, client: 0 }

describe('asking', () => {
  test('returns the status, all headers and the body', async () => {
    const line = lineTo(await startServer())
    const { response } = await line.send({ ...plain, path: '/gone', headers: { 'X-Word': 'w' } })
    expect(response?.status).toBe(503)
    expect(response?.headers.get('set-cookie')).toEqual(['a=1', 'b=2'])
    expect(JSON.parse(response?.body ?? '')).toMatchObject({ headers: { 'x-word': 'w' } })
    line.close()
  })

  test('is sent from the given address and names another host', async () => {
    const line = lineTo(await startServer(), { host: 'shop.example.com' })
    const { response } = await line.send({ ...plain, localAddress: '127.3.2.1' })
    expect(JSON.parse(response?.body ?? '')).toMatchObject({
      from: '127.3.2.1',
      headers: { host: 'shop.example.com' },
    })
    line.close()
  })

  test.each([
    [true, 1],
    [false, 2],
  ])('connections of a client are kept: %s', async (keepsAlive, count) => {
    const line = lineTo(await startServer(), { keepsAlive })
    const ports = new Set<number>()
    for (const client of [0, 0]) {
      const { response } = await line.send({ ...plain, client })
      ports.add((JSON.parse(response?.body ?? '') as { port: number }).port)
    }
    expect(ports.size).toBe(count)
    line.close()
  })

  test('keeps only the part of a page that is examined', async () => {
    const line = lineTo(await startServer())
    const { response } = await line.send({ ...plain, path: '/long' })
    expect(response?.body.length).toBeLessThan(500_000)
    line.close()
  })
})

describe('a missing response is reported, never thrown', () => {
  test('a refused connection', async () => {
    const line = lineTo(await freePort())
    expect(await line.send(plain)).toEqual({ response: null, failure: 'ECONNREFUSED' })
    line.close()
  })

  test('a timeout', async () => {
    const line = lineTo(await startServer(), { timeoutMs: 50 })
    const reply = await line.send({ ...plain, path: '/silent' })
    expect(reply).toEqual({ response: null, failure: 'ETIMEDOUT' })
    line.close()
  })

  test('a truncated response', async () => {
    const line = lineTo(await startServer())
    const reply = await line.send({ ...plain, path: '/cut' })
    expect(reply).toEqual({ response: null, failure: 'ECONNRESET' })
    line.close()
  })

  test('a value that no header can contain', async () => {
    const line = lineTo(await startServer())
    const reply = await line.send({ ...plain, headers: { Cookie: 'a=1\r\nX: y' } })
    expect(reply).toEqual({ response: null, failure: 'ERR_INVALID_CHAR' })
    line.close()
  })

  test('a closed client, or an interruption', async () => {
    const port = await startServer()
    const line = lineTo(port)
    const silent = line.send({ ...plain, path: '/silent' })
    line.close()
    expect(await silent).toEqual({ response: null, failure: 'ABORTED' })

    const abort = new AbortController()
    const interrupted = lineTo(port, {}, abort.signal).send({ ...plain, path: '/silent' })
    abort.abort()
    expect(await interrupted).toEqual({ response: null, failure: 'ABORTED' })
  })
})

describe('TLS', () => {
  const startTls = async () => {
    const { certificate, key } = await makeCertificate()
    const server = createTlsServer({ cert: certificate, key }, ({ headers }, response) => {
      response.end(headers.host)
    })
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    return { certificate, port }
  }

  test.each([true, false])(
    'an unknown certificate is refused unless it is trusted or not verified (kept: %s)',
    async (keepsAlive) => {
      const { certificate, port } = await startTls()
      const given = { isTls: true, host: `localhost:${port}`, keepsAlive }
      const ask = async (more: Partial<HttpTarget>) => {
        const line = lineTo(port, { ...given, ...more })
        const reply = await line.send({ ...plain, localAddress: '127.5.6.7' })
        line.close()
        return reply
      }
      expect(await ask({})).toEqual({ response: null, failure: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
      expect((await ask({ isInsecure: true })).response?.body).toBe(`localhost:${port}`)
      expect((await ask({ authorities: certificate })).response?.body).toBe(`localhost:${port}`)
      const other = await ask({ authorities: certificate, host: 'shop.example.com' })
      expect(other.failure).toBe('ERR_TLS_CERT_ALTNAME_INVALID')
    },
  )
})

describe('a WebSocket handshake', () => {
  const accept = (key: string) =>
    createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')

  /** @param talk what the server does with an upgraded connection. */
  const startUpgrades = async (talk: (socket: Duplex) => void): Promise<number> => {
    const server = createServer()
    server.on('upgrade', ({ headers, url }, socket) => {
      const key = url === '/wrong' ? 'other' : (headers['sec-websocket-key'] ?? '')
      socket.write(
        [
          'HTTP/1.1 101 Switching Protocols',
          'Upgrade: websocket',
          'Connection: Upgrade',
          `Sec-WebSocket-Accept: ${accept(key)}`,
          'Set-Cookie: a=1',
          '\r\n',
        ].join('\r\n'),
      )
      upgraded.push(socket)
      talk(socket)
    })
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return (server.address() as AddressInfo).port
  }

  /** Sends a ping, answers the first one of the client after a message, and ends with the second one. */
  const oneAnswer = (socket: Duplex): void => {
    const opcodes: number[] = []
    socket.write(Buffer.from([0x89, 1, 0x61]))
    socket.on('data', (bytes: Buffer) => {
      for (let at = 0; at < bytes.length; at += 6 + ((bytes[at + 1] ?? 0) & 0x7f))
        opcodes.push((bytes[at] ?? 0) & 0x0f)
      if (opcodes.filter((one) => one === 9).length > 1) socket.destroy()
      else if (opcodes.includes(9) && opcodes.includes(10))
        socket.write(Buffer.from([0x82, 1, 0x62, 0x8a, 0]))
    })
  }

  test('is answered, and its connection tells when it is closed', async () => {
    const line = lineTo(await startUpgrades(oneAnswer))
    const { response, connection } = await line.upgrade(plain)
    expect(response?.status).toBe(101)
    expect(response?.headers.get('set-cookie')).toEqual(['a=1'])
    expect(await connection?.ping()).toBe(true)
    expect(connection?.closedMs()).toBeNull()
    expect(await connection?.ping()).toBe(false)
    expect(connection?.closedMs()).toBeGreaterThan(0)
    line.close()
  })

  test('is refused', async () => {
    const line = lineTo(await startServer())
    const { response, connection } = await line.upgrade({ ...plain, path: '/gone' })
    expect([response?.status, connection]).toEqual([503, null])
    line.close()
  })

  test('is refused by a server that does not know the protocol', async () => {
    const line = lineTo(await startUpgrades(() => undefined))
    expect(await line.upgrade({ ...plain, path: '/wrong' })).toEqual({
      response: null,
      failure: 'wrong Sec-WebSocket-Accept',
      connection: null,
    })
    line.close()
  })

  test('gets no answer to a ping in time', async () => {
    const line = lineTo(await startUpgrades(() => undefined), { timeoutMs: 2_000 })
    const { connection } = await line.upgrade(plain)
    expect(await connection?.ping()).toBe(false)
    expect(connection?.closedMs()).toBeNull()
    line.close()
  })
})

test('resolves names, and returns no address for an unknown name', async () => {
  const world = trafficWorld(new AbortController().signal)
  expect(await world.addressesOf('127.0.0.1')).toEqual(['127.0.0.1'])
  expect(await world.addressesOf('nobody.invalid')).toEqual([])
})
