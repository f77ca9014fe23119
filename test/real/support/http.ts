import { type IncomingHttpHeaders, request } from 'node:http'

export interface SetCookie {
  readonly name: string
  readonly value: string
  /** Names in lower case; a flag such as HttpOnly has an empty value. */
  readonly attributes: ReadonlyMap<string, string>
}

export interface Response {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly setCookies: readonly SetCookie[]
}

/** The cookies of one user; by name only, for our servers set one cookie of a name. */
export type CookieJar = Map<string, string>

export interface GetOptions {
  /** Sent along, and updated from the response. */
  readonly cookies?: CookieJar
  readonly headers?: Readonly<Record<string, string>>
  /** The client's address, e.g. 127.0.0.2: all of 127/8 is this machine. */
  readonly from?: string
  /** Milliseconds. */
  readonly timeout?: number
}

/** One GET on a connection of its own. Redirects are not followed; any status is a response. */
export const get = (url: string, options: GetOptions = {}): Promise<Response> =>
  new Promise((resolve, reject) => {
    const { cookies, headers, from, timeout = 60_000 } = options
    const cookie = [...(cookies ?? [])].map(([name, value]) => `${name}=${value}`).join('; ')
    const sent = request(url, {
      agent: false,
      headers: { ...(cookie === '' ? {} : { Cookie: cookie }), ...headers },
      signal: AbortSignal.timeout(timeout),
      ...(from === undefined ? {} : { localAddress: from }),
    })
    sent.once('error', reject)
    sent.once('response', (received) => {
      let body = ''
      received.setEncoding('utf8')
      received.on('data', (text: string) => {
        body += text
      })
      received.once('error', reject)
      received.once('end', () => {
        const setCookies = (received.headers['set-cookie'] ?? []).map(parseSetCookie)
        if (cookies !== undefined) keep(cookies, setCookies)
        resolve({ status: received.statusCode ?? 0, headers: received.headers, body, setCookies })
      })
    })
    sent.end()
  })

/** Reads one Set-Cookie header. */
export const parseSetCookie = (header: string): SetCookie => {
  const [pair = '', ...rest] = header.split(';').map((part) => part.trim())
  const attributes = rest.map((part): [string, string] => {
    const [name, value] = atEquals(part)
    return [name.toLowerCase(), value]
  })
  const [name, value] = atEquals(pair)
  return { name, value, attributes: new Map(attributes) }
}

const atEquals = (text: string): [string, string] => {
  const index = text.indexOf('=')
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)]
}

const keep = (jar: CookieJar, setCookies: readonly SetCookie[]): void => {
  for (const { name, value, attributes } of setCookies) {
    const expires = Date.parse(attributes.get('expires') ?? '')
    if (attributes.get('max-age') === '0' || expires <= Date.now()) jar.delete(name)
    else jar.set(name, value)
  }
}
