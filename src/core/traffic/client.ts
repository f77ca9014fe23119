import { type Cookie, cookiesFor, type Jar, keepCookies } from './cookies.ts'
import type { HttpResponse } from './exchange.ts'
import { assignedSession, type Identification } from './identity.ts'
import type { Behaviour } from './scenario.ts'

/** What a client remembers of earlier responses. */
export interface ClientState {
  readonly jar: Jar
  /** The last session id that it received. */
  readonly session: string | null
}
export const newClientState: ClientState = { jar: [], session: null }

/** The URL of the requests. */
export interface Endpoint {
  /** With the query. */
  readonly path: string
  /** Of WebSocket handshakes, with the query. */
  readonly upgradePath: string
  /** Without a port. */
  readonly host: string
  readonly isTls: boolean
  /** Whether each client can have an address of 127/8 of its own. */
  readonly hasManyAddresses: boolean
}

export interface PreparedRequest {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly localAddress: string | null
  /** The first cookie of each name. */
  readonly cookies: ReadonlyMap<string, string>
  readonly urlSession: string | null
}

/** Differs in the first three octets, which ip_hash uses. */
const spreadAddress = (first: number, index: number): string =>
  `${first}.${1 + (Math.floor(index / 254) % 254)}.${1 + (index % 254)}.1`

/** One of the 254 addresses of a /24 network. */
const subnetAddress = (first: number, client: number): string =>
  `${first}.200.7.${1 + (client % 254)}`

/** A private address (10/8). */
const forwardedAddress = (client: number, { source }: Pick<Behaviour, 'source'>): string =>
  source === 'subnet' ? subnetAddress(10, client) : spreadAddress(10, client)

const edgeCount = 4

const sourceOf = (client: number, nth: number, { source }: Pick<Behaviour, 'source'>): string => {
  if (source === 'own') return spreadAddress(127, client)
  if (source === 'subnet') return subnetAddress(127, client)
  if (source === 'one') return '127.0.0.1'
  return spreadAddress(127, (source === 'edge' ? client : client + nth) % edgeCount)
}

type Sources = Pick<Behaviour, 'source' | 'isForwarded'>

/** The addresses of a client's first request: of its connection, and in X-Forwarded-For. */
export const addressesOf = (client: number, behaviour: Sources) => ({
  connection: sourceOf(client, 0, behaviour),
  forwarded: behaviour.isForwarded ? forwardedAddress(client, behaviour) : null,
})

/** `/app/page;jsessionid=ID?query`: the parameter is at the end of the path. */
const withSession = (path: string, name: string, session: string): string => {
  const end = path.indexOf('?')
  const [before, query] = end < 0 ? [path, ''] : [path.slice(0, end), path.slice(end)]
  return `${before};${name}=${session}${query}`
}

/** The applications of the lab answer such a request after so long. */
export const withWait = (path: string, waitMs: number): string =>
  `${path}${path.includes('?') ? '&' : '?'}wait=${waitMs}`

const firstOfEach = (cookies: readonly Cookie[]): ReadonlyMap<string, string> =>
  new Map([...cookies].reverse().map(({ name, value }) => [name, value]))

/** Whether a session id needs no escaping in a path. */
const isPlain = (session: string): boolean => /^[\w.!~*'()%:@&=+$,-]+$/.test(session)

/** @param nth the number of earlier requests of the client. */
export const nextRequest = (
  client: number,
  nth: number,
  memory: ClientState,
  behaviour: Behaviour,
  identification: Identification,
  place: Endpoint,
): PreparedRequest => {
  const pathname = place.path.split('?', 1)[0] ?? '/'
  const inUrl = behaviour.session === 'url'
  const cookies = inUrl
    ? []
    : cookiesFor(memory.jar, { host: place.host, path: pathname, isTls: place.isTls })
  const session =
    inUrl && memory.session !== null && isPlain(memory.session) ? memory.session : null
  return {
    path:
      session === null ? place.path : withSession(place.path, identification.session.url, session),
    headers: {
      ...(cookies.length === 0
        ? {}
        : { Cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') }),
      ...(behaviour.isForwarded ? { 'X-Forwarded-For': forwardedAddress(client, behaviour) } : {}),
    },
    localAddress: place.hasManyAddresses ? sourceOf(client, nth, behaviour) : null,
    cookies: firstOfEach(cookies),
    urlSession: session,
  }
}

/** The state of the client after a response. */
export const afterResponse = (
  memory: ClientState,
  answer: HttpResponse,
  identification: Identification,
  place: Endpoint,
  epochMs: number,
): ClientState => {
  const path = place.path.split('?', 1)[0] ?? '/'
  const set = answer.headers.get('set-cookie') ?? []
  return {
    jar: keepCookies(memory.jar, set, { host: place.host, path }, epochMs),
    session: assignedSession(answer, identification.session) ?? memory.session,
  }
}
/** A 32-bit hash of a seed. */
const mixed = (seed: number): number => {
  let bits = Math.imul(seed ^ (seed >>> 16), 0x21f0aaad)
  bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97)
  return (bits ^ (bits >>> 15)) >>> 0
}

/** The items in a pseudorandom order, which is the same for the same seed. */
export const shuffled = <Item>(items: readonly Item[], seed: number): readonly Item[] => {
  const order = [...items]
  for (let index = order.length - 1; index > 0; index--) {
    const other = mixed(seed * 0x9e3779b1 + index) % (index + 1)
    const [here, there] = [order[index], order[other]]
    if (here === undefined || there === undefined) continue
    order[index] = there
    order[other] = here
  }
  return order
}
