import type { IncomingHttpHeaders } from 'node:http'
import { request } from 'node:https'
import type { TLSSocket } from 'node:tls'

export interface SecureOptions {
  /** Sent in the handshake. */
  readonly serverName: string
  /** Default: the name in the handshake. */
  readonly host?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly client?: { readonly certificate: string; readonly key: string }
  readonly maxVersion?: 'TLSv1.2' | 'TLSv1.1'
  readonly ciphers?: string
  readonly session?: Buffer | undefined
}

export interface SecureAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly version: string | null
  readonly cipher: string
  /** The common name of the certificate of the server. */
  readonly certificate: string
  readonly isResumed: boolean
  readonly session: Buffer | undefined
}

/** One GET over HTTPS with HTTP/1.1; null: refused, before or after the handshake. */
export const getSecure = (port: number, options: SecureOptions): Promise<SecureAnswer | null> =>
  new Promise((resolve) => {
    const { serverName, host, headers, client, maxVersion, ciphers, session } = options
    let ticket: Buffer | undefined
    const sent = request({
      host: '127.0.0.1',
      port,
      agent: false,
      servername: serverName,
      rejectUnauthorized: false,
      headers: { Host: host ?? serverName, ...headers },
      signal: AbortSignal.timeout(10_000),
      ...(client ? { cert: client.certificate, key: client.key } : {}),
      ...(maxVersion ? { maxVersion, minVersion: maxVersion } : {}),
      ...(ciphers ? { ciphers } : {}),
      ...(session ? { session } : {}),
    })
    sent.once('socket', (socket) => socket.on('session', (made: Buffer) => (ticket = made)))
    sent.once('error', () => resolve(null))
    sent.once('response', (received) => {
      const socket = received.socket as TLSSocket
      const about = {
        version: socket.getProtocol(),
        cipher: socket.getCipher().name,
        certificate: String(socket.getPeerCertificate().subject?.CN),
        isResumed: socket.isSessionReused(),
      }
      let body = ''
      received.setEncoding('utf8')
      received.on('data', (text: string) => {
        body += text
      })
      received.once('error', () => resolve(null))
      received.once('end', () =>
        resolve({
          ...about,
          status: received.statusCode ?? 0,
          headers: received.headers,
          body,
          session: ticket,
        }),
      )
    })
    sent.end()
  })
