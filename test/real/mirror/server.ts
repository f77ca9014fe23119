import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export const faults = ['404', '500', 'cut off', 'wrong hash'] as const
export type Fault = (typeof faults)[number]

/** What the bytes of a file with a wrong hash are full of. */
export const foreignBytes = 'FOREIGN '

export interface Mirror {
  readonly uri: string
  /** Files whose paths match get this fault, until it is called again. */
  readonly breakFiles: (pattern: RegExp, fault: Fault) => void
  readonly heal: () => void
  readonly stop: () => Promise<void>
}

/** Serves the files of a mirror on loopback. */
export const startMirror = async (files: ReadonlyMap<string, Buffer>): Promise<Mirror> => {
  let broken: { readonly pattern: RegExp; readonly fault: Fault } | null = null
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '')
    const bytes = files.get(path)
    const fault = broken?.pattern.test(path) ? broken.fault : null
    if (bytes === undefined || fault === '404') {
      response.writeHead(404).end()
    } else if (fault === '500') {
      response.writeHead(500).end()
    } else if (fault === 'cut off') {
      response.writeHead(200, { 'content-length': bytes.length })
      response.write(bytes.subarray(0, bytes.length >> 1), () => request.socket.destroy())
    } else {
      const isForeign = fault === 'wrong hash'
      response.end(isForeign ? Buffer.alloc(bytes.length, foreignBytes) : bytes)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    uri: `http://127.0.0.1:${port}/debian`,
    breakFiles: (pattern, fault) => {
      broken = { pattern, fault }
    },
    heal: () => {
      broken = null
    },
    stop: () => {
      server.closeAllConnections()
      return new Promise((resolve) => {
        server.close(() => resolve())
      })
    },
  }
}
