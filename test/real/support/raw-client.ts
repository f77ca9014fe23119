import { connect, type Socket } from 'node:net'

/** A connection that says what it is given, byte by byte, and keeps what comes back. */
export interface RawClient {
  readonly send: (bytes: string) => void
  /** Everything received so far, once nothing came for `quiet` milliseconds, or the other side ended it. */
  readonly settled: (quiet: number, first?: number) => Promise<string>
  readonly close: () => void
}

export const rawClient = (port: number, from = '127.0.0.1'): Promise<RawClient> =>
  new Promise((resolve, reject) => {
    const socket: Socket = connect({ port, host: '127.0.0.1', localAddress: from })
    let received = ''
    let isEnded = false
    let last = 0
    socket.setNoDelay(true)
    socket.once('error', reject)
    socket.on('data', (bytes: Buffer) => {
      received += bytes.toString('latin1')
      last = Date.now()
    })
    socket.once('close', () => {
      isEnded = true
    })
    const settled = async (quiet: number, first = 10 * quiet): Promise<string> => {
      const start = Date.now()
      for (;;) {
        const isQuiet = last >= start ? Date.now() - last > quiet : Date.now() - start > first
        if (isEnded || isQuiet) return received
        await new Promise((done) => setTimeout(done, 5))
      }
    }
    socket.once('connect', () => {
      resolve({
        send: (bytes) => socket.write(Buffer.from(bytes, 'latin1')),
        settled,
        close: () => socket.destroy(),
      })
    })
  })
