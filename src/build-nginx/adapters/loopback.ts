import { createServer, type IncomingMessage, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Loopback, Reply } from '../ports/build.ts'

const host = '127.0.0.1'
const patienceMs = 10_000
const longestBody = 1_048_576

const listening = (server: Server): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, host, () => resolve((server.address() as AddressInfo).port))
  })

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })

const bodyOf = async (message: IncomingMessage): Promise<string> => {
  let body = ''
  message.setEncoding('utf8')
  for await (const text of message) if (body.length < longestBody) body += String(text)
  return body
}

export const loopbackOnHost: Loopback = {
  freePorts: async () => {
    // Both are taken before one is given back: it could be the next one, too.
    const [one, other] = [createServer(), createServer()]
    const ports = [await listening(one), await listening(other)] as const
    await closed(one)
    await closed(other)
    return ports
  },
  serve: async (name) => {
    const server = createServer((asked, answer) => {
      asked.resume()
      answer.writeHead(200, { 'Content-Type': 'text/plain', 'X-Server': name })
      answer.end(name)
    })
    return { port: await listening(server), stop: () => closed(server) }
  },
  get: (port, path, headers = {}) =>
    new Promise<Reply | null>((resolve) => {
      const options = { host, port, path, headers, agent: false }
      const sent = request({ ...options, signal: AbortSignal.timeout(patienceMs) })
      sent.once('error', () => resolve(null))
      sent.once('response', (message) => {
        bodyOf(message).then(
          (body) => resolve({ status: message.statusCode ?? 0, headers: message.headers, body }),
          () => resolve(null),
        )
      })
      sent.end()
    }),
}
