import { type Agent, type IncomingHttpHeaders, request } from 'node:http'

export interface Ask {
  /** As it is in the request line. */
  readonly path?: string
  /** The value of the cookie JSESSIONID. */
  readonly session?: string
  /** Several values: a header each. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly method?: string
  readonly body?: string
  /** The stub holds the request until a test releases it. */
  readonly hold?: boolean
  /** Of the client's connection: one of its own, unless there is an agent. */
  readonly agent?: Agent
  /** The client's address: all of 127/8 is this machine. */
  readonly from?: string
  /** Milliseconds until the client disconnects. */
  readonly patience?: number
  /** The client disconnects when it is aborted. */
  readonly signal?: AbortSignal
}

export interface Raw {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** Names and values in turn: node makes one header of several cookies in an object. */
const asLines = (headers: NonNullable<Ask['headers']>): readonly string[] =>
  Object.entries(headers).flatMap(([name, value]) => [value].flat().flatMap((each) => [name, each]))

/** One request to 127.0.0.1:`port` for that host; any status is an answer. */
export const send = (port: number, host: string, ask: Ask = {}): Promise<Raw> =>
  new Promise((resolve, reject) => {
    const {
      path = '/',
      session,
      headers,
      method = 'GET',
      body,
      hold,
      agent,
      from,
      patience = 50_000,
      signal = AbortSignal.timeout(patience),
    } = ask
    const all = {
      Host: host,
      ...(session === undefined ? {} : { Cookie: `JSESSIONID=${session}` }),
      ...(hold ? { 'X-Hold': '1' } : {}),
      ...(body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }),
      ...headers,
    }
    const sent = request({
      host: '127.0.0.1',
      port,
      path,
      method,
      agent: agent ?? false,
      signal,
      headers: asLines(all),
      ...(from === undefined ? {} : { localAddress: from }),
    })
    sent.once('error', reject)
    sent.once('response', (received) => {
      const chunks: Buffer[] = []
      received.on('data', (chunk: Buffer) => chunks.push(chunk))
      received.once('error', reject)
      received.once('end', () => {
        resolve({
          status: received.statusCode ?? 0,
          headers: received.headers,
          body: Buffer.concat(chunks).toString('utf8'),
        })
      })
    })
    sent.end(body)
  })
