import { createServer, type Server } from 'node:https'
import type { TLSSocket } from 'node:tls'
import type { Certificate } from '../../real/support/certificate.ts'
import { atEnd } from '../../real/support/cleanup.ts'
import { freePort } from '../../real/support/free-port.ts'
import { listenWith } from './stubs.ts'

export interface TlsStub {
  readonly name: string
  readonly address: string
  /** Handshakes, and those of them that went on with an earlier session. */
  readonly handshakes: () => { readonly full: number; readonly resumed: number }
}

export const startTlsStub = async (
  name: string,
  { certificate, key }: Certificate,
  version: 'TLSv1.2' | 'TLSv1.3',
): Promise<TlsStub> => {
  const seen = { full: 0, resumed: 0 }
  const { listen, close } = listenWith(() => {
    const options = { cert: certificate, key, minVersion: version, maxVersion: version }
    const server: Server = createServer(options, (_, response) => {
      response.writeHead(200, { 'x-served-by': name })
      response.end(name)
    })
    server.on('secureConnection', (socket: TLSSocket) => {
      if (socket.isSessionReused()) seen.resumed++
      else seen.full++
    })
    return server
  })
  const port = await listen('127.0.0.1', await freePort())
  atEnd({ cleanUp: close, abandon: () => {} })
  return { name, address: `127.0.0.1:${port}`, handshakes: () => ({ ...seen }) }
}
