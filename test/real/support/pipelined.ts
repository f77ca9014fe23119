import { connect } from 'node:net'

/** A GET request; the path with its query. */
export interface Asked {
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface Told {
  readonly status: number
  /** The lines of the head after the first. */
  readonly headers: readonly string[]
  readonly body: string
}

const requestText = ({ path, headers = {} }: Asked): string => {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${lines.join('')}\r\n`
}

/** The response at the beginning of the text, and where it ends; null: it is not complete. */
const responseAt = (text: string, start: number): { told: Told; end: number } | null => {
  const headEnd = text.indexOf('\r\n\r\n', start)
  if (headEnd === -1) return null
  const [first = '', ...headers] = text.slice(start, headEnd).split('\r\n')
  const length = headers.map((line) => /^content-length: *(\d+)/i.exec(line)?.[1]).find(Boolean)
  if (length === undefined) throw new Error(`a response without Content-Length: ${first}`)
  const end = headEnd + 4 + Number(length)
  if (text.length < end) return null
  return {
    told: { status: Number(first.split(' ')[1]), headers, body: text.slice(headEnd + 4, end) },
    end,
  }
}

/** Together they fit into a buffer of HAProxy (16 KiB): HAProxy 3.2 was seen to stop reading with more. */
const mostAtOnce = 100

/** Sends the requests, so many over each connection, and one connection after the other. */
export const pipelined = async (
  port: number,
  asked: readonly Asked[],
): Promise<readonly Told[]> => {
  const told: Told[] = []
  for (let start = 0; start < asked.length; start += mostAtOnce)
    told.push(...(await overOneConnection(port, asked.slice(start, start + mostAtOnce))))
  return told
}

/**
 * Sends all requests over one connection without waiting for responses. The proxy handles them one after
 * the other, so thousands of them take little time, and their order is certain.
 */
const overOneConnection = (port: number, asked: readonly Asked[]): Promise<readonly Told[]> =>
  new Promise((resolve, reject) => {
    const told: Told[] = []
    let text = ''
    const socket = connect({ port, host: '127.0.0.1' })
    const finish = (error?: Error): void => {
      socket.destroy()
      if (told.length === asked.length) resolve(told)
      else reject(error ?? new Error(`${told.length} of ${asked.length} responses\n${text}`))
    }
    socket.setTimeout(50_000, () => finish())
    socket.setEncoding('latin1')
    socket.on('data', (chunk: string) => {
      text += chunk
      let start = 0
      for (;;) {
        const next = responseAt(text, start)
        if (next === null) break
        told.push(next.told)
        start = next.end
      }
      text = text.slice(start)
      if (told.length === asked.length) finish()
    })
    socket.once('error', finish)
    // A proxy may end the connection after an error: the rest follows over another one.
    socket.once('close', () => {
      if (told.length === 0 || told.length === asked.length) return finish()
      overOneConnection(port, asked.slice(told.length)).then(
        (rest) => resolve([...told, ...rest]),
        reject,
      )
    })
    socket.write(asked.map(requestText).join(''))
  })
