import { formatAddress } from '../model/address.ts'
import type { AppResponse } from './model.ts'
import { emptyResponse } from './model.ts'
import type { Client } from './population/clients.ts'
import { nextBelow, type Random, randomFrom } from './random.ts'
import type { Cookie, Request } from './request.ts'
import type { Open } from './run.ts'
import { sessionCookies } from './upstream/application.ts'
import type { Simulated, Started } from './upstream/simulated.ts'

/** A client that has been served. */
export interface Visitor {
  readonly client: Client
  readonly cookies: readonly Cookie[]
  /** The address of the server that served it last; null: none has. */
  readonly place: string | null
  /** It sends the cookie of a session. */
  readonly hasSession: boolean
}

/** All clients, and the proxy that serves them. */
export interface Crowd {
  readonly simulated: Simulated
  readonly started: Started
  readonly visitors: readonly Visitor[]
  /** Addresses of servers that do not answer. */
  readonly dead: ReadonlySet<string>
  /** Seconds since the first requests. */
  readonly time: number
  readonly seed: number
}

/** By the name of a server. */
export type Places = ReadonlyMap<string, string>

/** Addresses: a server that is renamed is still the same, one with another address is not. */
export const placesOf = ({ upstream }: Simulated): Places =>
  new Map(upstream.servers.map(({ name, address }) => [name, formatAddress(address)]))

/** Names by address. */
export const namesOf = ({ upstream }: Simulated): Places =>
  new Map(upstream.servers.map(({ name, address }) => [formatAddress(address), name]))

const routesOf = ({ upstream }: Simulated): Places =>
  new Map(upstream.servers.map(({ name, route }) => [name, route]))

/** What clients open: a hash of the URL moves a client with each of them. */
const pages = Array.from({ length: 100 }, (_, index) => `/page/${index}`)

/** Sends the requests of clients, one after the other. */
export interface Sender {
  readonly send: (visitor: Visitor) => Open
  /** The response of the application. `begins`: with the cookie of a new session, or of a new route. */
  readonly receive: (visitor: Visitor, open: Open, begins: boolean) => Visitor
}

/** What the clients of a crowd do at one time. */
export const senderOf = (
  simulated: Simulated,
  { run }: Started,
  { time, seed }: Pick<Crowd, 'time' | 'seed'>,
): Sender => {
  const { application, seesClients } = simulated
  const [places, names, routes] = [placesOf(simulated), namesOf(simulated), routesOf(simulated)]
  const random: Random = randomFrom(seed + 7919 * (time + 1))
  let sessions = 0

  const uriOf = ({ place }: Visitor): string => {
    const page = pages[nextBelow(random, pages.length)] ?? '/'
    if (application.argument === null) return page
    const route = place === null ? undefined : routes.get(names.get(place) ?? '')
    return route === undefined ? page : `${page}?${application.argument}=${route}`
  }

  const requestOf = (visitor: Visitor): Request => {
    const { address, later, name, peer } = visitor.client
    const own = time === 0 ? address : later
    return {
      address: peer !== null && !seesClients ? peer : own,
      cookies: visitor.cookies,
      uri: uriOf(visitor),
      time,
      client: name,
    }
  }

  const responseOf = (server: string, begins: boolean): AppResponse => {
    if (!begins) return emptyResponse
    sessions += 1
    const id = `s${time}x${sessions}`
    return { setCookies: sessionCookies(application, id, routes.get(server) ?? ''), bytes: 0 }
  }

  return {
    send: (visitor) => run.begin(requestOf(visitor)),
    receive: (visitor, open, begins) => {
      const { server } = open.answer
      if (server === null) {
        open.end(emptyResponse)
        return visitor
      }
      const { cookies } = open.end(responseOf(server, begins))
      const { keepsCookies } = visitor.client
      const place = places.get(server) ?? null
      const hasSession = visitor.hasSession || (keepsCookies && application.cookie !== null)
      const isSame = place === visitor.place && hasSession === visitor.hasSession
      if (isSame && (cookies.length === 0 || !keepsCookies)) return visitor
      return {
        client: visitor.client,
        cookies: keepsCookies ? withCookies(visitor.cookies, cookies) : visitor.cookies,
        place,
        hasSession,
      }
    },
  }
}

/** The cookies of a browser after a response. */
const withCookies = (cookies: readonly Cookie[], set: readonly Cookie[]): readonly Cookie[] => {
  if (set.length === 0) return cookies
  if (cookies.length === 0) return set
  const names = new Set(set.map(({ name }) => name))
  return [...cookies.filter(({ name }) => !names.has(name)), ...set]
}

/** The first requests of clients, of all their tabs before the first response. */
export const arrive = (simulated: Simulated, clients: readonly Client[], seed: number): Crowd => {
  const started = simulated.start()
  const { send, receive } = senderOf(simulated, started, { time: 0, seed })
  const visitors = clients.map((client) => {
    const stranger: Visitor = { client, cookies: [], place: null, hasSession: false }
    if (client.tabs === 1) return receive(stranger, send(stranger), true)
    const open = Array.from({ length: client.tabs }, () => send(stranger))
    return open.reduce((visitor, each) => receive(visitor, each, true), stranger)
  })
  return { simulated, started, visitors, dead: new Set(), time: 0, seed }
}

/** Clients by the name of the server that served them last. */
export const spreadOf = ({ simulated, visitors }: Crowd): ReadonlyMap<string, number> => {
  const names = namesOf(simulated)
  const counts = new Map(simulated.servers.map(({ name }) => [name, 0]))
  for (const { place } of visitors) {
    const name = place === null ? undefined : names.get(place)
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return counts
}
