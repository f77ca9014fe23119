import { randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { atEnd } from './cleanup.ts'

/** An application server as Tomcat is by default: its sessions are its own, their ids end with its route. */
export interface SessionServer {
  readonly name: string
  readonly address: string
}

const idOf = (url: string, cookies: string): string | null =>
  /(?:^|;\s*)JSESSIONID=([^;]+)/.exec(cookies)?.[1] ?? /;jsessionid=([^?#]+)/.exec(url)?.[1] ?? null

const listening = (route: string, name: string): Promise<Server> =>
  new Promise((resolve, reject) => {
    const counts = new Map<string, number>()
    // A proxy must not meet a connection that ends just as it is used again.
    const server = createServer({ keepAliveTimeout: 0 }, ({ url = '', headers }, response) => {
      const asked = idOf(url, headers.cookie ?? '')
      const isKnown = asked !== null && counts.has(asked)
      const id = isKnown ? asked : `${randomBytes(8).toString('hex').toUpperCase()}.${route}`
      const count = (counts.get(id) ?? 0) + 1
      counts.set(id, count)
      response.setHeader('content-type', 'application/json')
      response.setHeader('x-server', name)
      if (!isKnown) response.setHeader('set-cookie', `JSESSIONID=${id}; Path=/; HttpOnly`)
      response.end(JSON.stringify({ name, count }))
    })
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => resolve(server))
  })

/** One for each name; its route is its name, unless it says another. All end with the running test. */
export const startSessionServers = async (
  names: readonly string[],
  routes: Readonly<Record<string, string>> = {},
): Promise<readonly SessionServer[]> =>
  Promise.all(
    names.map(async (name) => {
      const server = await listening(routes[name] ?? name, name)
      const stop = () =>
        new Promise<void>((resolve) => {
          server.close(() => resolve())
          server.closeAllConnections()
        })
      atEnd({ cleanUp: stop, abandon: () => server.closeAllConnections() })
      return { name, address: `127.0.0.1:${(server.address() as AddressInfo).port}` }
    }),
  )
