import { formatAddress } from '../model/address.ts'
import {
  cookiesIn,
  copyOfJars,
  emptyJars,
  type Jars,
  putCookies,
  type SessionId,
  sessionId,
} from './jars.ts'
import type { AppResponse } from './model.ts'
import { emptyResponse } from './model.ts'
import { type Addresses, addressAt } from './population/addresses.ts'
import type { Clients } from './population/clients.ts'
import { nextBelow, type Random, randomFrom } from './random.ts'
import type { ClientAddress, Cookie, Request } from './request.ts'
import type { Open } from './run.ts'
import { sessionCookies } from './upstream/application.ts'
import type { Simulated, Started } from './upstream/simulated.ts'

/**
 * Clients that have been served: what is known of each is at its number. An object for each would cost
 * more time than its requests.
 */
export interface Visitors {
  readonly clients: Clients
  /** The cookies that each sends. */
  readonly jars: Jars
  /** Of the server that served it last, the number in the places of the crowd; -1: none has. */
  readonly homes: Int32Array
  /** 1: it sends the cookie of a session. */
  readonly hasSession: Uint8Array
}

/** All clients, and the proxy that serves them. */
export interface Crowd {
  readonly simulated: Simulated
  readonly started: Started
  readonly visitors: Visitors
  /** The addresses of all servers so far, also of those that were removed. */
  readonly places: readonly string[]
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

/** The addresses of another configuration come after those that are known. */
export const placesWith = (known: readonly string[], simulated: Simulated): readonly string[] => [
  ...new Set([...known, ...placesOf(simulated).values()]),
]

/** The number of each server in the places. */
export const homesOf = (
  places: readonly string[],
  simulated: Simulated,
): ReadonlyMap<string, number> => {
  const numbers = new Map(places.map((place, number) => [place, number]))
  return new Map([...placesOf(simulated)].map(([name, place]) => [name, numbers.get(place) ?? -1]))
}

/** The address and the name of a client are made only for a model that asks for them. */
class ClientRequest implements Request {
  readonly cookies: readonly Cookie[]
  readonly uri: string
  readonly time: number
  readonly #number: number
  readonly #addresses: Addresses
  readonly #nameOf: Clients['nameOf']

  constructor(
    { cookies, uri, time }: Pick<Request, 'cookies' | 'uri' | 'time'>,
    number: number,
    addresses: Addresses,
    nameOf: Clients['nameOf'],
  ) {
    this.cookies = cookies
    this.uri = uri
    this.time = time
    this.#number = number
    this.#addresses = addresses
    this.#nameOf = nameOf
  }

  get address(): ClientAddress {
    return addressAt(this.#addresses, this.#number)
  }

  get client(): string {
    return this.#nameOf(this.#number)
  }
}

const seenAddresses = (
  { addresses, later, peers }: Clients,
  { seesClients }: Simulated,
  time: number,
): Addresses => {
  if (peers !== null && !seesClients) return peers
  return time === 0 ? addresses : later
}

/** Sends the requests of clients, one after the other. */
export interface Sender {
  readonly send: (visitor: number) => Open
  /** The response of the application. `begins`: with the cookie of a new session, or of a new route. */
  readonly receive: (visitor: number, open: Open, begins: boolean) => void
}

/** What the clients of a crowd do at one time; it changes the visitors. */
export const senderOf = (
  visitors: Visitors,
  { simulated, started: { run }, places, time, seed }: Omit<Crowd, 'visitors' | 'dead'>,
): Sender => {
  const { application } = simulated
  const { clients, jars, homes, hasSession } = visitors
  const addresses = seenAddresses(clients, simulated, time)
  const [names, routes] = [namesOf(simulated), routesOf(simulated)]
  const numbers = homesOf(places, simulated)
  const random: Random = randomFrom(seed + 7919 * (time + 1))
  let sessions = 0

  const uriOf = (visitor: number): string => {
    const page = pages[nextBelow(random, pages.length)] ?? '/'
    if (application.argument === null) return page
    const route = routes.get(names.get(places[homes[visitor] ?? -1] ?? '') ?? '')
    return route === undefined ? page : `${page}?${application.argument}=${route}`
  }

  const responseOf = (server: string, begun: SessionId | null): AppResponse => {
    if (begun === null) return emptyResponse
    const route = routes.get(server) ?? ''
    return { setCookies: sessionCookies(application, begun.text, route), bytes: 0 }
  }

  const keep = (visitor: number, set: readonly Cookie[], begun: SessionId | null): void => {
    if (clients.keepsCookies[visitor] === 0) return
    putCookies(jars, visitor, set, begun)
    if (application.cookie !== null) hasSession[visitor] = 1
  }

  return {
    send: (visitor) => {
      const sent = { cookies: cookiesIn(jars, visitor), uri: uriOf(visitor), time }
      return run.begin(new ClientRequest(sent, visitor, addresses, clients.nameOf))
    },
    receive: (visitor, open, begins) => {
      const { server } = open.answer
      if (server === null) {
        open.end(emptyResponse)
        return
      }
      if (begins) sessions += 1
      const begun = begins ? sessionId(time, sessions) : null
      const set = open.end(responseOf(server, begun))
      homes[visitor] = numbers.get(server) ?? -1
      if (set.length > 0 || hasSession[visitor] === 0) keep(visitor, set, begun)
    },
  }
}

const strangers = (clients: Clients): Visitors => ({
  clients,
  jars: emptyJars(clients.count),
  homes: new Int32Array(clients.count).fill(-1),
  hasSession: new Uint8Array(clients.count),
})

/** A crowd can have several futures. */
export const copyOf = ({ clients, jars, homes, hasSession }: Visitors): Visitors => ({
  clients,
  jars: copyOfJars(jars),
  homes: homes.slice(),
  hasSession: hasSession.slice(),
})

/** The first requests of clients, of all their tabs before the first response. */
export const arrive = (simulated: Simulated, clients: Clients, seed: number): Crowd => {
  const started = simulated.start()
  const places = placesWith([], simulated)
  const visitors = strangers(clients)
  const crowd: Crowd = { simulated, started, visitors, places, dead: new Set(), time: 0, seed }
  const { send, receive } = senderOf(visitors, crowd)
  for (let visitor = 0; visitor < clients.count; visitor++) {
    if (clients.tabs === 1) {
      receive(visitor, send(visitor), true)
      continue
    }
    const open = Array.from({ length: clients.tabs }, () => send(visitor))
    for (const each of open) receive(visitor, each, true)
  }
  return crowd
}

/** Clients by the name of the server that served them last. */
export const spreadOf = ({ simulated, visitors, places }: Crowd): ReadonlyMap<string, number> => {
  const clients = new Uint32Array(places.length)
  for (const home of visitors.homes) if (home !== -1) clients[home] = (clients[home] ?? 0) + 1
  const names = namesOf(simulated)
  const counts = new Map(simulated.servers.map(({ name }) => [name, 0]))
  for (const [home, place] of places.entries()) {
    const name = names.get(place)
    if (name !== undefined) counts.set(name, clients[home] ?? 0)
  }
  return counts
}
