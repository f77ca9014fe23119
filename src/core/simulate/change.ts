import {
  hasSession,
  type Keeping,
  keepingOf,
  keepsStore,
  type Losses,
  renewsRoute,
} from '../session-keeping.ts'
import { type Crowd, namesOf, placesOf, senderOf, spreadOf, type Visitor } from './crowd.ts'
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

/** What a change does to the next request of every client. */
export const change = (crowd: Crowd, { reload, events }: Change): Outcome => {
  const simulated = reload ?? crowd.simulated
  const { dead, ended } = deadAfter(crowd, simulated, events)
  const started = reload === null ? crowd.started : reloaded(reload, crowd.started, crowd.dead)
  for (const event of events) started.run.happens(event)
  const time = crowd.time + pause
  const { send, receive } = senderOf(simulated, started, { time, seed: crowd.seed })
  const judge = judgeOf(crowd.simulated, simulated, lossesOf(crowd, simulated, dead, ended))
  const places = placesOf(simulated)
  const renews = renewsRoute(simulated.upstream)
  const counts = noCounts()

  const visit = (visitor: Visitor): Visitor => {
    const open = send(visitor)
    const { server, failed } = open.answer
    const { place, hasSession: had } = visitor
    if (had) counts.sessions += 1
    if (failed.length > 0) counts.retried += 1
    if (server === null) {
      counts.failed += 1
      return receive(visitor, open, false)
    }
    const next = places.get(server) ?? ''
    if (place === null || !had) {
      if (place !== null && place !== next) counts.moved += 1
      return receive(visitor, open, !had)
    }
    const isMoved = place !== next
    // Nothing is lost on a server that goes on, whatever keeps sessions.
    if (!isMoved && judge.isKept && !ended.has(place)) return receive(visitor, open, false)
    const isLost = judge.isLost(place, next)
    if (isMoved) counts.moved += 1
    if (isLost) counts.lost += 1
    for (const keeping of keepings)
      if (judge.isLostWith(keeping, place, next)) counts.lostWith[keeping] += 1
    return receive(visitor, open, isLost || (isMoved && renews))
  }

  const visitors = [...crowd.visitors]
  // Round robin would see a pattern in clients that always come in one order.
  for (const index of shuffled(visitors.length, crowd.seed + time)) {
    const visitor = visitors[index]
    if (visitor !== undefined) visitors[index] = visit(visitor)
  }
  const after: Crowd = { ...crowd, simulated, started, visitors, dead, time }
  return { clients: visitors.length, ...counts, spread: spreadOf(after), after }
}
