import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

export interface Recorder {
  readonly port: number
  /** The sizes of the records with data that the server has sent. */
  readonly sizes: () => readonly number[]
}

const applicationData = 23

const sizesOf = (sent: Buffer): readonly number[] => {
  const sizes: number[] = []
  for (let at = 0; at + 5 <= sent.length; at += 5 + sent.readUInt16BE(at + 3))
    if (sent[at] === applicationData) sizes.push(sent.readUInt16BE(at + 3))
  return sizes
}

/** Relays connections to a port, and reads the lengths of the TLS records that come back. */
export const startRecorder = async (server: number): Promise<Recorder> => {
  const chunks: Buffer[] = []
  const sockets: Socket[] = []
  const relay = createServer((client) => {
    const upstream = connect(server, '127.0.0.1')
    sockets.push(client, upstream)
    for (const socket of [client, upstream]) socket.on('error', () => undefined)
    upstream.on('data', (chunk: Buffer) => chunks.push(chunk))
    client.pipe(upstream)
    upstream.pipe(client)
  })
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    relay.close()
  })
  const { port } = relay.address() as AddressInfo
  return { port, sizes: () => sizesOf(Buffer.concat(chunks)) }
}
