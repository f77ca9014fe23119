import { createHash } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { Duplex } from 'node:stream'
import { atEnd } from './cleanup.ts'
import { freePort } from './free-port.ts'

/** An application server that accepts every upgrade, and then sends back what it receives. */
export interface UpgradeBackend {
  readonly port: number
  /** Connections that it accepted. */
  readonly connections: () => number
}

/** RFC 6455 §4.2.2; HAProxy compares it. */
const acceptOf = (key: string): string =>
  createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')

export const startUpgradeBackend = async (name: string): Promise<UpgradeBackend> => {
  let connections = 0
  const upgraded = new Set<Duplex>()
  const describe = (url = '', headers: IncomingHttpHeaders = {}): string =>
    JSON.stringify({ name, url, upgrade: headers.upgrade, connection: headers.connection })
  const server = createServer({ keepAliveTimeout: 5_000 }, ({ url, headers }, response) => {
    response.end(describe(url, headers))
  })
  server.on('connection', () => {
    connections++
  })
  server.on('upgrade', ({ headers }, socket) => {
    upgraded.add(socket)
    socket.on('error', () => socket.destroy())
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${headers.upgrade}\r\nSec-WebSocket-Accept: ${acceptOf(headers['sec-websocket-key'] ?? '')}\r\n\r\n`,
    )
    socket.on('data', (bytes: Buffer) => socket.write(`${name}: ${bytes.toString()}`))
    socket.on('end', () => socket.end())
  })
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const abandon = () => {
    for (const socket of upgraded) socket.destroy()
    server.closeAllConnections()
  }
  atEnd({
    cleanUp: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        abandon()
      }),
    abandon,
  })
  return { port, connections: () => connections }
}
