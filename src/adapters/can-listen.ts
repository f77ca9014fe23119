import { createServer } from 'node:net'

/** Whether this host has the address, and the port of it is free; port 0: any port. */
export const canListen = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)))
  })
