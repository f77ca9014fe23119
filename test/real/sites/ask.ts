import { request } from 'node:http'
import { request as tlsRequest } from 'node:https'

export interface Asked {
  readonly port: number
  readonly isTls: boolean
  readonly host: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  /** The address of the client: all of 127/8 is this host. */
  readonly from?: string
  readonly client?: { readonly certificate: string; readonly key: string }
  /** Sends the headers of a request with a body of this length, and no body. */
  readonly length?: number
  readonly isUpgrade?: boolean
}

export interface Answered {
  /** 0: the connection was refused or closed. */
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: string
}

const upgrade = {
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
}

const failed: Answered = { status: 0, headers: {}, body: '' }

/** One request on a separate connection. */
export const ask = (asked: Asked): Promise<Answered> =>
  new Promise((resolve) => {
    const { port, isTls, host, path, headers, from = '127.0.0.1', client, length } = asked
    const isUpgrade = asked.isUpgrade === true
    const sent = (isTls ? tlsRequest : request)({
      host: '127.0.0.1',
      port,
      path,
      method: length === undefined ? 'GET' : 'POST',
      localAddress: from,
      agent: false,
      servername: host,
      rejectUnauthorized: false,
      signal: AbortSignal.timeout(15_000),
      headers: {
        Host: host,
        ...(isUpgrade ? upgrade : {}),
        ...(length === undefined ? {} : { 'Content-Length': String(length) }),
        ...headers,
      },
      ...(client ? { cert: client.certificate, key: client.key } : {}),
    })
    sent.on('error', () => resolve(failed))
    sent.once('upgrade', (message, socket) => {
      socket.destroy()
      resolve({ status: 101, headers: message.headers, body: '' })
    })
    sent.once('response', (message) => {
      let body = ''
      message.setEncoding('utf8')
      message.on('data', (text: string) => {
        body += text
      })
      message.once('error', () => resolve(failed))
      message.once('end', () => {
        resolve({ status: message.statusCode ?? 0, headers: message.headers, body })
        sent.destroy()
      })
    })
    if (length === undefined) sent.end()
    else sent.flushHeaders()
  })
