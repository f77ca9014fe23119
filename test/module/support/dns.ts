import { createSocket } from 'node:dgram'
import type { AddressInfo } from 'node:net'
import { atEnd } from '../../real/support/cleanup.ts'

export interface Dns {
  readonly port: number
  /** What a name resolves to from now on; no address: there is no such name. */
  readonly set: (name: string, addresses: readonly string[]) => void
  readonly setService: (name: string, targets: readonly Target[]) => void
}

export interface Target {
  readonly name: string
  readonly port: number
}

const [typeA, typeSrv] = [1, 33]
/** Seconds. */
const ttl = 1

/** A name server on loopback that answers A and SRV questions (RFC 1035, 2782) and no others. */
export const startDns = async (): Promise<Dns> => {
  const addresses = new Map<string, readonly string[]>()
  const services = new Map<string, readonly Target[]>()
  const recordsFor = (name: string, type: number): readonly Buffer[] => {
    if (type === typeA) return (addresses.get(name) ?? []).map(encodeAddress)
    if (type === typeSrv) return (services.get(name) ?? []).map(encodeTarget)
    return []
  }
  const isKnown = (name: string): boolean =>
    (addresses.get(name)?.length ?? 0) > 0 || services.has(name)

  const socket = createSocket('udp4')
  socket.on('message', (query, client) => {
    const { name, type, end } = questionOf(query)
    const records = recordsFor(name, type).map((data) => encodeRecord(type, data))
    const header = Buffer.alloc(12)
    query.copy(header, 0, 0, 2)
    header.writeUInt16BE(isKnown(name) ? 0x8580 : 0x8583, 2)
    header.writeUInt16BE(1, 4)
    header.writeUInt16BE(records.length, 6)
    const answer = Buffer.concat([header, query.subarray(12, end), ...records])
    socket.send(answer, client.port, client.address)
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  atEnd({
    cleanUp: () => new Promise((resolve) => socket.close(() => resolve())),
    abandon: () => {},
  })
  return {
    port: (socket.address() as AddressInfo).port,
    set: (name, values) => addresses.set(name, values),
    setService: (name, targets) => services.set(name, targets),
  }
}

const questionOf = (query: Buffer) => {
  const labels: string[] = []
  let at = 12
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  const type = query.readUInt16BE(at + 1)
  return { name: labels.join('.').toLowerCase(), type, end: at + 5 }
}

const encodeAddress = (address: string): Buffer => Buffer.from(address.split('.').map(Number))

const encodeTarget = ({ name, port }: Target): Buffer => {
  const labels = name
    .split('.')
    .map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]))
  const fixed = Buffer.alloc(6)
  fixed.writeUInt16BE(1, 0)
  fixed.writeUInt16BE(1, 2)
  fixed.writeUInt16BE(port, 4)
  return Buffer.concat([fixed, ...labels, Buffer.from([0])])
}

/** Its name is that of the question, which is at offset 12. */
const encodeRecord = (type: number, data: Buffer): Buffer => {
  const head = Buffer.alloc(12)
  head.writeUInt16BE(0xc00c, 0)
  head.writeUInt16BE(type, 2)
  head.writeUInt16BE(1, 4)
  head.writeUInt32BE(ttl, 6)
  head.writeUInt16BE(data.length, 10)
  return Buffer.concat([head, data])
}
