import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { atEnd } from './cleanup.ts'
import { freePort } from './free-port.ts'

/** Tiny application servers that return their name and the request. */
export interface Backends {
  readonly addressOf: (name: string) => string
  /** Takes no connection any more. */
  readonly kill: (name: string) => Promise<void>
}

export interface Answer {
  readonly name: string
  readonly url: string
  readonly headers: Readonly<Record<string, string | undefined>>
}

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })

const listening = (name: string, port: number): Promise<Server> =>
  new Promise((resolve, reject) => {
    // A proxy must not meet a connection that ends just as it is used again.
    const server = createServer({ keepAliveTimeout: 0 }, ({ url, headers }, response) => {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ name, url, headers }))
    })
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve(server))
  })

/** Starts one on a free port for every name; all end with the running test. */
export const startBackends = async (names: readonly string[]): Promise<Backends> => {
  const servers = new Map<string, Server>()
  for (const name of names) {
    const server = await listening(name, await freePort())
    servers.set(name, server)
    atEnd({ cleanUp: () => closed(server), abandon: () => server.closeAllConnections() })
  }
  const ports = new Map(
    [...servers].map(([name, server]) => [name, (server.address() as AddressInfo).port]),
  )
  return {
    addressOf: (name) => `127.0.0.1:${ports.get(name) ?? 1}`,
    kill: async (name) => {
      const server = servers.get(name)
      if (server) await closed(server)
    },
  }
}
