import {
  type Memory,
  nextRequest,
  nothingKept,
  type Place,
  remember,
} from '../../core/traffic/client.ts'
import type { EventName, Happening, Observation, Phase } from '../../core/traffic/exchange.ts'
import type { Identity } from '../../core/traffic/identity.ts'
import { observe } from '../../core/traffic/observe.ts'
import type { Behaviour, Seen } from '../../core/traffic/scenario.ts'
import { shuffled } from '../../core/traffic/shuffle.ts'
import type { Line, TrafficWorld } from '../../ports/traffic.ts'
import { mapAtMost } from '../map-at-most.ts'

/** No more than this reaches the balancer. */
export interface Load {
  /** Requests under way at a time. */
  readonly concurrency: number
  /** Requests a second; null: as fast as they are answered. */
  readonly rate: number | null
}

/** A way into the cluster. */
export interface Way {
  readonly line: Line
  readonly place: Place
  readonly identity: Identity
  /** Sessions are the same on ways of one number. */
  readonly site: number
}

export interface Road extends Omit<Way, 'site'> {
  /** All that clients use in turn; left out: the one above. */
  readonly ways?: readonly Way[]
  readonly load: Load
  readonly clock: TrafficWorld['clock']
  readonly signal: AbortSignal
}

/** Does something to the cluster; the name of the server that it happened to, null for none of them. */
export type Happen = (event: EventName) => Promise<string | null>

/** While an event goes on, each client asks this often at most. */
const roundMs = 200

const paced = ({ load, clock, signal }: Road) => {
  let next = clock.ticks()
  return async (): Promise<void> => {
    signal.throwIfAborted()
    if (load.rate === null) return
    const at = Math.max(clock.ticks(), next)
    next = at + 1000 / load.rate
    const early = at - clock.ticks()
    if (early > 0) await clock.wait(early)
  }
}

const range = (start: number, length: number): readonly number[] =>
  Array.from({ length }, (_, index) => start + index)

/** Has the clients of a scenario do what they do, and the cluster happen what has to. */
export const drive = async (behaviour: Behaviour, road: Road, happen: Happen): Promise<Seen> => {
  const { load, clock } = road
  const ways: readonly Way[] = road.ways ?? [{ ...road, site: 0 }]
  const startMs = clock.ticks()
  const sinceStart = () => clock.ticks() - startMs
  const memories = new Map<number, Memory>()
  const asked = new Map<number, number>()
  const observations: Observation[] = []
  const happenings: Happening[] = []
  const turn = paced(road)

  const askOnce = async (client: number, phase: Phase): Promise<void> => {
    await turn()
    const nth = asked.get(client) ?? 0
    asked.set(client, nth + 1)
    const way = ways[nth % ways.length] ?? { ...road, site: 0 }
    const { line, place, identity, site } = way
    const memory = memories.get(client) ?? nothingKept
    const sent = nextRequest(client, nth, memory, behaviour, identity, place)
    const { path, headers, from, cookies, urlSession } = sent
    const atMs = sinceStart()
    const { answer, problem } = await line.ask({ path, headers, from, client })
    road.signal.throwIfAborted()
    const tookMs = sinceStart() - atMs
    const exchange = { client, phase, atMs, tookMs, cookies, urlSession, answer, problem }
    // Requests of one browser to two sites are counted as those of two clients.
    const observed = observe(exchange, identity)
    observations.push({ ...observed, client: client * ways.length + site })
    // Of parallel answers each adds to what the others have left.
    const kept = memories.get(client) ?? nothingKept
    if (answer !== null) memories.set(client, remember(kept, answer, identity, place, clock.now()))
  }

  const clientsOf = (phase: Phase): readonly number[] =>
    phase === 'newcomers'
      ? range(behaviour.clients, behaviour.newcomers)
      : range(0, behaviour.clients)

  let round = 0
  /** In another order each time: to clients in a fixed one, servers that take turns look pinned. */
  const inSomeOrder = (clients: readonly number[]) => shuffled(clients, ++round)

  /** Every client once, or, where they are parallel, several times at once. */
  const request = async (phase: Phase, each: number): Promise<void> => {
    const clients = clientsOf(phase)
    if (behaviour.parallel > 1) {
      const jobs = inSomeOrder(range(0, each).flatMap(() => clients))
      await mapAtMost(clients.length * behaviour.parallel, jobs, (client) => askOnce(client, phase))
      return
    }
    for (let nth = 0; nth < each; nth++)
      await mapAtMost(load.concurrency, inSomeOrder(clients), (client) => askOnce(client, phase))
  }

  const askUntil = async (isOver: () => boolean): Promise<void> => {
    while (!isOver()) {
      const roundStart = clock.ticks()
      await request('during', 1)
      const early = roundStart + roundMs - clock.ticks()
      if (early > 0 && !isOver()) await clock.wait(early)
    }
  }

  const happenUnder = async (event: EventName, underLoad: boolean): Promise<void> => {
    const atMs = sinceStart()
    let isOver = false
    const happened = happen(event).finally(() => {
      isOver = true
    })
    const [server] = await Promise.all([happened, underLoad ? askUntil(() => isOver) : null])
    happenings.push({ event, server, atMs, endMs: sinceStart() })
  }

  for (const step of behaviour.steps) {
    if (step.kind === 'requests') await request(step.phase, step.each)
    else await happenUnder(step.event, step.underLoad)
  }
  return { observations, happenings }
}
