import {
  hasSession,
  type Keeping,
  keepingOf,
  keepsStore,
  type Losses,
  renewsRoute,
} from '../session-keeping.ts'
import {
  type Crowd,
  copyOf,
  homesOf,
  namesOf,
  placesOf,
  placesWith,
  senderOf,
  spreadOf,
} from './crowd.ts'
import type { Event } from './model.ts'
import { shuffled } from './random.ts'
import type { Simulated, Started } from './upstream/simulated.ts'

type ServerEvent = Exclude<Event, { kind: 'reload' }>

/** What happens at one moment. */
export interface Change {
  /** A reload with this configuration; null: the proxy runs on. */
  readonly reload: Simulated | null
  /** By the names of the configuration that then runs. */
  readonly events: readonly ServerEvent[]
}

/** Where sessions may be; each is simulated beside the one of the spec. */
export const keepings = ['server', 'backup', 'all', 'store'] as const

/** How the next request of every client ends. All numbers are clients. */
export interface Outcome {
  readonly clients: number
  /** Clients that had a session. */
  readonly sessions: number
  /** Served by another server than before. */
  readonly moved: number
  /** No server serves them: 502 or 503. */
  readonly failed: number
  /** The proxy first tries a server that does not answer. */
  readonly retried: number
  /** Their session is gone, with the store of the spec. */
  readonly lost: number
  /** The same with other stores. */
  readonly lostWith: Readonly<Record<(typeof keepings)[number], number>>
  /** By the name of the server. */
  readonly spread: ReadonlyMap<string, number>
  readonly after: Crowd
}

/** Requests come so many seconds after the change before. */
const pause = 60

const addressesIn = (places: ReadonlyMap<string, string>, events: readonly ServerEvent[]) => {
  const of = (...kinds: readonly ServerEvent['kind'][]): readonly string[] =>
    events.flatMap(({ kind, server }) => (kinds.includes(kind) ? (places.get(server) ?? []) : []))
  return { died: of('dies'), returned: of('returns') }
}

const deadAfter = (crowd: Crowd, simulated: Simulated, events: readonly ServerEvent[]) => {
  const { died, returned } = addressesIn(placesOf(simulated), events)
  const dead = new Set([...crowd.dead, ...died])
  for (const place of returned) dead.delete(place)
  return { dead, ended: new Set([...died, ...returned]) }
}

/** A server that left the configuration is taken for stopped. */
const lossesOf = (
  crowd: Crowd,
  simulated: Simulated,
  dead: ReadonlySet<string>,
  ended: ReadonlySet<string>,
): Losses => {
  const before = [...placesOf(crowd.simulated).values()].filter((place) => !crowd.dead.has(place))
  const now = new Set(placesOf(simulated).values())
  const gone = new Set([...ended, ...before.filter((place) => !now.has(place))])
  return {
    ended: gone,
    remaining: before.filter((place) => !gone.has(place) && !dead.has(place)),
    backups: new Map(
      before.map((place, index) => [place, before[(index + 1) % before.length] ?? place]),
    ),
  }
}

/** A proxy that is reloaded does not know yet which servers are dead. */
const reloaded = (simulated: Simulated, before: Started, dead: ReadonlySet<string>): Started => {
  const started = simulated.start(before)
  for (const [place, server] of namesOf(simulated))
    if (dead.has(place)) started.run.happens({ kind: 'dies', server })
  return started
}

interface Counts {
  sessions: number
  moved: number
  failed: number
  retried: number
  lost: number
  readonly lostWith: Record<(typeof keepings)[number], number>
}

const noCounts = (): Counts => ({
  sessions: 0,
  moved: 0,
  failed: 0,
  retried: 0,
  lost: 0,
  lostWith: { server: 0, backup: 0, all: 0, store: 0 },
})

/** Whether a session is lost with each store, by how the servers of the two configurations fit. */
const judgeOf = (before: Simulated, after: Simulated, losses: Losses) => {
  const isFound = before.application.cookie === after.application.cookie
  const isKept = keepsStore(before.upstream, after.upstream)
  const own = keepingOf(after.upstream)
  return {
    /** Servers find the sessions of the configuration before. */
    isKept: isFound && isKept,
    isLostWith: (keeping: Keeping, home: string, next: string): boolean =>
      !isFound || !hasSession(keeping, home, next, losses),
    isLost: (home: string, next: string): boolean =>
      !isFound || !isKept || !hasSession(own, home, next, losses),
  }
}

/**
 * What a change does to the next request of every client.
 * @param sends whether a visitor sends one, by its number and that of its home.
 */
export const change = (
  crowd: Crowd,
  { reload, events }: Change,
  sends: (visitor: number, home: number) => boolean = () => true,
): Outcome => {
  const simulated = reload ?? crowd.simulated
  const { dead, ended } = deadAfter(crowd, simulated, events)
  const started = reload === null ? crowd.started : reloaded(reload, crowd.started, crowd.dead)
  for (const event of events) started.run.happens(event)
  const visitors = copyOf(crowd.visitors)
  const places = placesWith(crowd.places, simulated)
  const time = crowd.time + pause
  const after: Crowd = { ...crowd, simulated, started, visitors, places, dead, time }
  const { send, receive } = senderOf(visitors, after)
  const judge = judgeOf(crowd.simulated, simulated, lossesOf(crowd, simulated, dead, ended))
  const numbers = homesOf(places, simulated)
  const renews = renewsRoute(simulated.upstream)
  const hasEnded = places.map((place) => ended.has(place))
  const { homes, hasSession: sessions } = visitors
  const counts = noCounts()

  /** Whether the application begins a new session, or renews the route in it. */
  const begins = (home: number, next: number): boolean => {
    const isMoved = home !== next
    // Nothing is lost on a server that goes on, whatever keeps sessions.
    if (!isMoved && judge.isKept && !hasEnded[home]) return false
    const [from = '', to = ''] = [places[home], places[next]]
    const isLost = judge.isLost(from, to)
    if (isLost) counts.lost += 1
    for (const keeping of keepings)
      if (judge.isLostWith(keeping, from, to)) counts.lostWith[keeping] += 1
    return isLost || (isMoved && renews)
  }

  const visit = (visitor: number): void => {
    const home = homes[visitor] ?? -1
    const had = sessions[visitor] === 1
    const open = send(visitor)
    const { server, failed } = open.answer
    if (had) counts.sessions += 1
    if (failed.length > 0) counts.retried += 1
    if (server === null) {
      counts.failed += 1
      receive(visitor, open, false)
      return
    }
    const next = numbers.get(server) ?? -1
    if (home !== -1 && home !== next) counts.moved += 1
    receive(visitor, open, home === -1 || !had ? !had : begins(home, next))
  }

  // Round robin would see a pattern in clients that always come in one order.
  for (const visitor of shuffled(homes.length, crowd.seed + time))
    if (sends(visitor, homes[visitor] ?? -1)) visit(visitor)
  return { clients: homes.length, ...counts, spread: spreadOf(after), after }
}
