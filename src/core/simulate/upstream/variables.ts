import { partsOf } from '../../dialects/haproxy/variables.ts'
import { isChanging, kindOfVariable } from '../../model/variables.ts'
import { bytesOf } from '../hashes/bytes.ts'
import { cookieValue, type HashKey, ignoringCase, type Request } from '../request.ts'

type Value = string | Uint8Array | null

type Reader = (request: Request) => Value

const pathOf = (uri: string): string => uri.split('?', 1)[0] ?? ''

const queryOf = (uri: string): string => (uri.includes('?') ? uri.slice(uri.indexOf('?') + 1) : '')

const argument = (uri: string, name: string): string | null => {
  for (const pair of queryOf(uri).split('&')) {
    const equals = pair.indexOf('=')
    if (equals !== -1 && ignoringCase(pair.slice(0, equals), name)) return pair.slice(equals + 1)
  }
  return null
}

const site = 'www.example.com'

const known: Readonly<Record<string, Reader>> = {
  remote_addr: ({ address }) => address.text,
  binary_remote_addr: ({ address }) => address.bytes,
  realip_remote_addr: ({ address }) => address.text,
  proxy_add_x_forwarded_for: ({ address }) => address.text,
  request_uri: ({ uri }) => uri,
  request: ({ uri }) => `GET ${uri} HTTP/1.1`,
  uri: ({ uri }) => pathOf(uri),
  document_uri: ({ uri }) => pathOf(uri),
  args: ({ uri }) => queryOf(uri),
  query_string: ({ uri }) => queryOf(uri),
  request_method: () => 'GET',
  http_cookie: ({ cookies }) => cookies.map(({ name, value }) => `${name}=${value}`).join('; '),
}

const families: readonly (readonly [prefix: string, reader: (rest: string) => Reader])[] = [
  [
    'cookie_',
    (rest) =>
      ({ cookies }) =>
        cookieValue(cookies, rest, ignoringCase),
  ],
  [
    'arg_',
    (rest) =>
      ({ uri }) =>
        argument(uri, rest),
  ],
]

/** Different in every request, and the same in every run. */
const counter = (): Reader => {
  let count = 0
  return () => String(++count)
}

/** A variable of nginx, by its name without `$`. What is not known of a request is one value per client. */
export const requestVariable = (name: string): Reader => {
  const lower = name.toLowerCase()
  const exact = known[lower]
  if (exact !== undefined) return exact
  for (const [prefix, reader] of families)
    if (lower.startsWith(prefix)) return reader(lower.slice(prefix.length))
  const kind = kindOfVariable(lower)
  if (kind === 'response' || kind === 'issued') return () => null
  if (isChanging(kind)) return counter()
  if (kind === 'site' || kind === 'same') return () => site
  if (kind === 'page') return ({ uri }) => uri
  return ({ client, address }) => client ?? address.text
}

/** The text of a variable; null: it has none. */
export const variableText = (name: string): ((request: Request) => string | null) => {
  const read = requestVariable(name)
  return (request) => {
    const value = read(request)
    return value === null || typeof value === 'string'
      ? value
      : Buffer.from(value).toString('latin1')
  }
}

/**
 * A variable of a hash key. Nothing says who sets a cookie or an argument that is not that of the session:
 * clients have one value of it.
 */
const keyVariable = (name: string, sessionCookie: string | null): Reader => {
  const read = requestVariable(name)
  const lower = name.toLowerCase()
  const isSession = sessionCookie !== null && lower === `cookie_${sessionCookie.toLowerCase()}`
  if (isSession || !/^(?:cookie|arg)_/.test(lower)) return read
  return (request) => read(request) ?? request.client ?? request.address.text
}

/**
 * A key in nginx variables; `null` only for a single variable that has no value.
 * @param sessionCookie the cookie that the application sets with the first response; null: none.
 */
export const hashKeyOf = (key: string, sessionCookie: string | null): HashKey => {
  const readers = partsOf(key).map(
    (part): Reader =>
      part.kind === 'text' ? () => part.text : keyVariable(part.name, sessionCookie),
  )
  const [only] = readers
  if (readers.length === 1 && only !== undefined) return only
  const isBinary = /\$\{?binary_/i.test(key)
  return (request) => {
    const values = readers.map((read) => read(request) ?? '')
    return isBinary
      ? Buffer.concat(values.map((value) => (typeof value === 'string' ? bytesOf(value) : value)))
      : values.join('')
  }
}
