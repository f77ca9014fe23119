import { createServer } from 'node:http'
import { connect, type Socket } from 'node:net'
import { atEnd } from '../../real/support/cleanup.ts'
import { freePort } from '../../real/support/free-port.ts'
import { listenWith } from './stubs.ts'
import { until } from './until.ts'

/** A server that takes an upgrade, says its name, and sends back what it gets. */
export const startEchoStub = async (name: string) => {
  const { listen, close } = listenWith(() => {
    const server = createServer((_, response) => {
      response.writeHead(200, { 'x-served-by': name })
      response.end(name)
    })
    server.on('upgrade', (_, socket) => {
      const head = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade']
      socket.write(`${[...head, `X-Served-By: ${name}`, '', ''].join('\r\n')}`)
      socket.on('data', (data: Buffer) => socket.write(data))
      socket.on('error', () => {})
      socket.on('end', () => socket.end())
    })
    return server
  })
  const port = await listen('127.0.0.1', await freePort())
  atEnd({ cleanUp: close, abandon: () => {} })
  return { name, address: `127.0.0.1:${port}` }
}

/** A client's half of such a connection. */
export interface Tunnel {
  readonly head: string
  readonly echo: (text: string) => Promise<void>
  readonly close: () => void
}

export const openTunnel = async (port: number, host: string, session: string): Promise<Tunnel> => {
  const socket: Socket = connect(port, '127.0.0.1')
  let received = ''
  socket.setEncoding('utf8').on('data', (text: string) => {
    received += text
  })
  socket.on('error', () => {})
  atEnd({ cleanUp: () => void socket.destroy(), abandon: () => {} })
  const request = ['GET /ws HTTP/1.1', `Host: ${host}`, `Cookie: JSESSIONID=${session}`]
  socket.write([...request, 'Connection: Upgrade', 'Upgrade: websocket', '', ''].join('\r\n'))
  await until('the upgrade is answered', () => received.includes('\r\n\r\n'))
  const head = received
  return {
    head,
    echo: async (text) => {
      const before = received.length
      socket.write(text)
      await until('the echo comes', () => received.length >= before + text.length)
      if (received.slice(before) !== text) throw new Error(`not ${text}: ${received.slice(before)}`)
    },
    close: () => socket.destroy(),
  }
}
