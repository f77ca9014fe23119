import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Server as NetServer, Socket } from 'node:net'
import { atEnd } from '../../real/support/cleanup.ts'
import { freePort } from '../../real/support/free-port.ts'
import { until } from './until.ts'

/** A tiny application server in this process that says who it is. */
export interface Stub {
  readonly name: string
  /** As nginx writes it: 127.0.0.1:20001. */
  readonly address: string
  readonly port: number
  /** Requests that reached it. */
  readonly count: () => number
  /** Connections that it accepted. */
  readonly connections: () => number
  /** Requests that it holds now: those with a header `x-hold`. */
  readonly held: () => number
  /** The highest number at the same time. */
  readonly peak: () => number
  /** Resolves when it holds that many. */
  readonly holds: (count: number) => Promise<void>
  /** Answers all that it holds. */
  readonly release: () => void
  /** The status of its answers from now on; `close`: none, the connection ends. */
  readonly answer: (status: number | 'close') => void
  /**
   * What it does from now on with a connection that it kept, when the next request comes: serves it,
   * ends it without an answer, ends it within the answer's first line, or leaves it unanswered.
   */
  readonly onKept: (what: 'serve' | 'close' | 'cut' | 'hang') => void
  /** Takes no connections any more, and ends those it has. */
  readonly kill: () => Promise<void>
  /** Is there again, at the same address. */
  readonly revive: () => Promise<void>
}

export const startStub = async (name: string, host = '127.0.0.1', port = 0): Promise<Stub> => {
  let count = 0
  let connections = 0
  let peak = 0
  let status: number | 'close' = 200
  let onKept: Parameters<Stub['onKept']>[0] = 'serve'
  const kept = new WeakSet<Socket>()
  const waiting = new Set<ServerResponse>()

  const answer = (response: ServerResponse): void => {
    if (status === 'close') {
      response.destroy()
      return
    }
    response.writeHead(status, { 'x-served-by': name })
    response.end(name)
  }
  const take = (request: IncomingMessage, response: ServerResponse): void => {
    count++
    request.resume()
    const { socket } = request
    if (kept.has(socket) && onKept !== 'serve') {
      if (onKept === 'hang') return
      if (onKept === 'cut') socket.end('HTTP/1.')
      else socket.destroy()
      return
    }
    kept.add(socket)
    if (request.headers['x-hold'] === undefined) {
      answer(response)
    } else {
      waiting.add(response)
      peak = Math.max(peak, waiting.size)
      response.once('close', () => waiting.delete(response))
    }
  }
  const { listen, ...listener } = listenWith(() => {
    const server = createServer({ keepAliveTimeout: 0, maxHeaderSize: 65_536 }, take)
    server.on('connection', () => {
      connections++
    })
    return server
  })
  const chosen = await listen(host, port === 0 ? await freePort() : port)
  atEnd({ cleanUp: listener.close, abandon: () => {} })

  return {
    name,
    address: `${host.includes(':') ? `[${host}]` : host}:${chosen}`,
    port: chosen,
    count: () => count,
    connections: () => connections,
    held: () => waiting.size,
    peak: () => peak,
    holds: (wanted) =>
      until(`${name} holds ${wanted} requests, not ${waiting.size}`, () => waiting.size === wanted),
    release: () => {
      for (const response of [...waiting]) answer(response)
      waiting.clear()
    },
    answer: (next) => {
      status = next
    },
    onKept: (what) => {
      onKept = what
    },
    kill: listener.close,
    revive: async () => {
      await listen(host, chosen)
    },
  }
}

export const startStubs = async <const Names extends readonly string[]>(
  ...names: Names
): Promise<{ readonly [Index in keyof Names]: Stub }> =>
  (await Promise.all(names.map((name) => startStub(name)))) as {
    readonly [Index in keyof Names]: Stub
  }

/** A listener that can go and come back, with all its connections. */
export const listenWith = (make: () => NetServer) => {
  let current: NetServer | null = null
  const sockets = new Set<Socket>()
  const listen = (host: string, port: number): Promise<number> =>
    new Promise((resolve, reject) => {
      const server = make()
      server.on('connection', (socket: Socket) => {
        sockets.add(socket)
        socket.once('close', () => sockets.delete(socket))
        socket.on('error', () => {})
      })
      server.once('error', reject)
      server.listen({ host, port, backlog: 4096 }, () => {
        current = server
        resolve((server.address() as AddressInfo).port)
      })
    })
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      const server = current
      current = null
      if (server === null) return resolve()
      server.close(() => resolve())
      for (const socket of sockets) socket.destroy()
    })
  return { listen, close }
}
