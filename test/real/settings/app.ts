import { createServer, type IncomingHttpHeaders } from 'node:http'
import { gzipSync } from 'node:zlib'
import { atEnd } from '../support/cleanup.ts'
import { freePort } from '../support/free-port.ts'

/** A request as it reached the application. */
export interface Received {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  /** Length of the body. */
  readonly bytes: number
}

export interface App {
  readonly port: number
  readonly received: readonly Received[]
}

/**
 * An application that answers when it has read the whole request, with what it read, as JSON; with
 * `?header=BYTES` with a header of this length, with `?wait=MS` so much later, with `?encoding=gzip` compressed, with `?pause=MS` in two parts.
 */
export const startApp = async (): Promise<App> => {
  const received: Received[] = []
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    let bytes = 0
    request.on('data', (part: Buffer) => {
      bytes += part.length
    })
    request.once('end', () => {
      const { method = '', url = '', headers } = request
      const one = { method, url, headers, bytes }
      received.push(one)
      const asked = new URL(url, 'http://app').searchParams
      const wait = Number(asked.get('wait') ?? 0)
      const text = JSON.stringify(one)
      const isGzip = asked.get('encoding') === 'gzip'
      const pause = asked.get('pause')
      const header = Number(asked.get('header') ?? 0)
      const answer = () => {
        response.writeHead(200, {
          'Content-Type': 'application/json',
          ...(header > 0 ? { 'X-Long': 'a'.repeat(header) } : {}),
          ...(isGzip ? { 'Content-Encoding': 'gzip' } : {}),
        })
        if (pause === null) response.end(isGzip ? gzipSync(text) : text)
        else {
          response.write('first')
          setTimeout(() => response.end('second'), Number(pause))
        }
      }
      if (wait === 0) answer()
      else setTimeout(answer, wait)
    })
  })
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  atEnd({
    cleanUp: async () => {
      server.closeAllConnections()
      await new Promise<void>((done) => server.close(() => done()))
    },
    abandon: () => server.closeAllConnections(),
  })
  return { port, received }
}
