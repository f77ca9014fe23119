import { connect, type Socket } from 'node:net'
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'

const patience = 60_000

/** A connection that says what it is given, byte by byte, and keeps what comes back. */
export interface RawClient {
  readonly send: (bytes: string) => void
  /** Everything received so far, once this is true of it, or the other side ended the connection. */
  readonly until: (isThere: (received: string) => boolean) => Promise<string>
  /** Whether the other side ends the connection within so many milliseconds. */
  readonly endsWithin: (milliseconds: number) => Promise<boolean>
  /**
   * Everything received so far, once nothing came for `quiet` milliseconds, or the other side ended it. What
   * a busy machine sends later is not seen: for an answer that has to come there is `until`.
   */
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
        await sleep(5)
      }
    }
    const wait = async (milliseconds: number, isOver: () => boolean): Promise<boolean> => {
      const end = performance.now() + milliseconds
      while (!isOver() && performance.now() < end) await sleep(5)
      // What arrived while this process had no processor is read first.
      await turn()
      return isOver()
    }
    socket.once('connect', () => {
      resolve({
        until: async (isThere) => {
          if (await wait(patience, () => isEnded || isThere(received))) return received
          throw new Error(`waited ${patience} ms in vain, received ${JSON.stringify(received)}`)
        },
        endsWithin: (milliseconds) => wait(milliseconds, () => isEnded),
        send: (bytes) => socket.write(Buffer.from(bytes, 'latin1')),
        settled,
        close: () => socket.destroy(),
      })
    })
  })
