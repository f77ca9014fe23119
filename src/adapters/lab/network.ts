import { randomInt } from 'node:crypto'
import { connect } from 'node:net'
import { IoError } from '../../errors.ts'
import type { Network } from '../../ports/lab.ts'
import { canListen } from '../can-listen.ts'

const timeoutMs = 10_000

/** Below the ephemeral ports of Linux (from 32768). */
const lowest = 20_000
const highest = 32_000
const attempts = 50

/** On Linux, all of 127/8 is loopback: two labs rarely share an address. */
const someLoopback = (): string =>
  [127, randomInt(64, 128), randomInt(0, 256), randomInt(1, 255)].join('.')

const allFree = async (host: string, first: number, count: number): Promise<boolean> => {
  for (let port = first; port < first + count; port += 1)
    if (!(await canListen(host, port))) return false
  return true
}

export const networkOnHost: Network = {
  findPorts: async (count) => {
    const own = someLoopback()
    const host = (await canListen(own, 0)) ? own : '127.0.0.1'
    if (host !== own && !(await canListen(host, 0)))
      throw new IoError(`nothing can listen on ${host}`, {
        help: 'enable the loopback interface: ip link set lo up',
      })
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const first = randomInt(lowest, Math.max(lowest + 1, highest - count))
      if (await allFree(host, first, count)) return { host, first }
    }
    throw new IoError(`no ${count} ports in a row are free between ${lowest} and ${highest}`, {
      help: 'stop other servers in this range, or use a smaller spec',
    })
  },
  accepts: (host, port) =>
    new Promise((resolve) => {
      const socket = connect(port, host)
      socket.setTimeout(timeoutMs, () => socket.destroy(new Error('no answer')))
      socket.once('error', () => resolve(false))
      socket.once('connect', () => {
        socket.destroy()
        resolve(true)
      })
    }),
  exchange: (host, port, text) =>
    new Promise((resolve) => {
      const socket = connect(port, host, () => socket.write(text))
      let received = ''
      socket.setEncoding('latin1').on('data', (data: string) => {
        received += data
      })
      socket.setTimeout(timeoutMs, () => socket.destroy())
      socket.once('error', () => resolve(null))
      socket.once('close', () => resolve(received))
    }),
}
