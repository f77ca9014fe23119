import { createServer } from 'node:net'

/**
 * Below the range that Linux takes for outgoing connections (32768 and up): a port from there could
 * be taken by a proxy's own connection between our look and the server's start.
 */
const first = 20_000
const last = 32_767

const given = new Set<number>()

/** A port that nothing listens on, on any address, and that this process has not given out before. */
export const freePort = async (): Promise<number> => {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = first + Math.floor(Math.random() * (last - first + 1))
    if (given.has(port)) continue
    given.add(port)
    if (await canListen(port)) return port
  }
  throw new Error(`no free port found between ${first} and ${last}`)
}

/** Several of them, all different. */
export const freePorts = async (count: number): Promise<number[]> => {
  const ports: number[] = []
  while (ports.length < count) ports.push(await freePort())
  return ports
}

const canListen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, () => server.close(() => resolve(true)))
  })
