import { createServer, type Server as HttpServer, type IncomingHttpHeaders } from 'node:http'
import { atEnd } from './cleanup.ts'
import { freePort } from './free-port.ts'
import type { Response } from './http.ts'

/** What a backend says about a request that reached it. */
export interface Seen {
  /** Which backend it was. */
  readonly name: string
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
}

export interface Backend {
  readonly name: string
  readonly port: number
  /** How many requests reached it. */
  readonly count: () => number
  /** Goes away, with its connections. */
  readonly stop: () => Promise<void>
}

interface Options {
  /** Of every answer. */
  readonly status?: number
  /** Of every answer. */
  readonly headers?: Readonly<Record<string, string>>
  /** Headers of the answer to one request; one with Location is a redirect. */
  readonly headersFor?: (seen: Seen) => Readonly<Record<string, string>>
  /** Set-Cookie of answers to URLs with `login` in them. */
  readonly cookie?: () => string
}

/** A small application server: it answers with what it has seen, as JSON. */
export const startBackend = async (name: string, options: Options = {}): Promise<Backend> => {
  let count = 0
  // A proxy must not meet a connection that ends just as it is used again.
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    count++
    const { method = '', url = '', headers } = request
    const isLogin = options.cookie !== undefined && url.includes('login')
    request.resume()
    const own = options.headersFor?.({ name, method, url, headers }) ?? {}
    response.writeHead(options.status ?? ('Location' in own ? 302 : 200), {
      'Content-Type': 'application/json',
      ...options.headers,
      ...own,
      ...(isLogin ? { 'Set-Cookie': options.cookie?.() } : {}),
    })
    response.end(JSON.stringify({ name, method, url, headers } satisfies Seen))
  })
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const stop = () => close(server)
  atEnd({ cleanUp: stop, abandon: () => server.closeAllConnections() })
  return { name, port, count: () => count, stop }
}

const close = (server: HttpServer): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })

export const seenBy = (response: Response): Seen => JSON.parse(response.body) as Seen
