import { createSocket } from 'node:dgram'
import { atEnd } from './cleanup.ts'

export interface NameServer {
  readonly port: number
  /** The addresses of every name from now on. */
  readonly answer: (addresses: readonly string[]) => void
}

const headerLength = 12
const typeA = 1

/** The end of the question: labels, an empty label, type and class. */
const endOfQuestion = (query: Buffer): number => query.indexOf(0, headerLength) + 5

/** Name (that of the question), type A, class IN, TTL 1 s, four bytes. */
const recordOf = (address: string): Buffer =>
  Buffer.from([
    0xc0,
    headerLength,
    0,
    typeA,
    0,
    1,
    0,
    0,
    0,
    1,
    0,
    4,
    ...address.split('.').map(Number),
  ])

const answerTo = (query: Buffer, addresses: readonly string[]): Buffer => {
  const end = endOfQuestion(query)
  const records = query.readUInt16BE(end - 4) === typeA ? addresses.map(recordOf) : []
  const header = Buffer.from(query.subarray(0, headerLength))
  // A response, recursion desired and available, one question, no error.
  header.writeUInt16BE(0x8180, 2)
  for (const [index, count] of [1, records.length, 0, 0].entries())
    header.writeUInt16BE(count, 4 + 2 * index)
  return Buffer.concat([header, query.subarray(headerLength, end), ...records])
}

/** A DNS server on 127.0.0.1: every name has the same IPv4 addresses, and no others. */
export const startNameServer = async (addresses: readonly string[]): Promise<NameServer> => {
  let current = addresses
  const socket = createSocket('udp4')
  socket.on('message', (query, { port, address }) => {
    socket.send(answerTo(query, current), port, address)
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  atEnd({
    cleanUp: () => new Promise<void>((done) => socket.close(() => done())),
    abandon: () => socket.unref(),
  })
  return {
    port: socket.address().port,
    answer: (next) => {
      current = next
    },
  }
}
