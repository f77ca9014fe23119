import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import { atEnd } from '../support/cleanup.ts'
import { freePort } from '../support/free-port.ts'

/** A request as it reached an application. */
export interface Received {
  /** The address of the server in the spec. */
  readonly server: string
  readonly url: string
  readonly headers: Readonly<Record<string, string | undefined>>
}

/** RFC 6455 §4.2.2; HAProxy compares it. */
const acceptOf = (key: string): string =>
  createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')

/**
 * An application for all servers of a site: it answers with what it received, `?wait=MS` later, with
 * `?location=PATH` as a redirect, and accepts each upgrade.
 */
const startOne = async (server: string): Promise<number> => {
  const application = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    const asked = new URL(request.url ?? '', 'http://app').searchParams
    const location = asked.get('location')
    const answer = () => {
      response.writeHead(location === null ? 200 : 302, {
        'Content-Type': 'application/json',
        'X-Powered-By': 'the application',
        ...(location === null ? {} : { Location: location }),
      })
      response.end(receivedText(request))
    }
    request.resume()
    setTimeout(answer, Number(asked.get('wait') ?? 0))
  })
  const receivedText = ({ url = '', headers }: IncomingMessage): string =>
    JSON.stringify({ server, url, headers } as Received)
  application.on('upgrade', ({ headers }, socket) => {
    socket.on('error', () => socket.destroy())
    const accept = acceptOf(headers['sec-websocket-key'] ?? '')
    socket.end(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\nX-Server: ${server}\r\n\r\n`,
    )
  })
  const port = await freePort()
  await new Promise<void>((resolve) => application.listen(port, '127.0.0.1', resolve))
  atEnd({
    cleanUp: () =>
      new Promise((resolve) => {
        application.close(() => resolve())
        application.closeAllConnections()
      }),
    abandon: () => application.closeAllConnections(),
  })
  return port
}

/** The ports of the applications, by the addresses of their servers in the spec. */
export const startApplications = async (
  servers: readonly string[],
): Promise<ReadonlyMap<string, number>> =>
  new Map(
    await Promise.all(
      servers.map(async (server) => [server, await startOne(server)] as [string, number]),
    ),
  )
