import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'

/**
 * Below the range that Linux takes for outgoing connections (32768 and up): a port from there could
 * be taken by a proxy's own connection between our look and the server's start.
 */
const first = 20_000
const last = 32_767

/**
 * A port that nothing listens on, on any address, and that no test gets again as long as this process
 * lives: tests run in several processes, and a server may take a while until it listens, or be gone
 * meanwhile.
 */
export const freePort = async (): Promise<number> => {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = first + Math.floor(Math.random() * (last - first + 1))
    if ((await reserve(port)) && (await canListen(port))) return port
  }
  throw new Error(`no free port found between ${first} and ${last}`)
}

/** Several of them, all different. */
export const freePorts = async (count: number): Promise<number[]> => {
  const ports: number[] = []
  while (ports.length < count) ports.push(await freePort())
  return ports
}

/** Whoever has the same port of UDP, which no server wants, has it to itself; the kernel takes it back. */
const reserve = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createSocket('udp4').unref()
    socket.once('error', () => {
      socket.close()
      resolve(false)
    })
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => resolve(true))
  })

const canListen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, () => server.close(() => resolve(true)))
  })
