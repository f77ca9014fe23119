import { type IncomingHttpHeaders, request } from 'node:http'

export interface Sent {
  readonly port: number
  readonly path: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Sent in pieces without Content-Length if it is a list. */
  readonly body?: string | readonly string[]
  /** The address of the client: all of 127/8 is this host. */
  readonly from?: string
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** One request on a separate connection. An answer that comes before the whole body is sent counts. */
export const send = ({
  port,
  path,
  method = 'GET',
  headers = {},
  body = '',
  from = '127.0.0.1',
}: Sent): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const isWhole = typeof body === 'string'
    const length: Record<string, string> =
      isWhole && body.length > 0 ? { 'Content-Length': String(body.length) } : {}
    const sent = request({
      host: '127.0.0.1',
      port,
      path,
      method,
      localAddress: from,
      agent: false,
      headers: { ...headers, ...length },
    })
    let isAnswered = false
    sent.once('response', (response) => {
      isAnswered = true
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.once('error', reject)
      response.once('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(parts),
        })
        sent.destroy()
      })
    })
    // A server that refuses a body closes the connection while it is still being sent.
    sent.on('error', (error) => {
      if (!isAnswered) reject(error)
    })
    for (const part of isWhole ? [body] : body) if (part.length > 0) sent.write(part)
    sent.end()
  })
