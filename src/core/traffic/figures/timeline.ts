import type { ClusterEvent, Observation, Phase } from '../exchange.ts'
import { isServed } from '../exchange.ts'
import type { ScenarioRun } from '../scenario.ts'
import { byClient } from './shares.ts'

/** The requests of an interval: by server, and failures. */
export interface Slot {
  /** In the order of `Timeline.servers`. */
  readonly served: readonly number[]
  /** From an unknown server, or one that is not in `Timeline.servers`. */
  readonly unidentified: number
  readonly failed: number
}

/** Consecutive requests of one client with the same server and result. */
export interface RequestRun {
  readonly server: string | null
  readonly isServed: boolean
  readonly phase: Phase
  readonly length: number
}

/** The requests of one client in order. */
export interface Row {
  readonly client: number
  readonly runs: readonly RequestRun[]
}

/** The servers of requests over time, limited to what a page can show. */
export interface Timeline {
  readonly slotMs: number
  /** The busiest ones, sorted by name. */
  readonly servers: readonly string[]
  readonly slots: readonly Slot[]
  /** The first clients, and some of the new clients. */
  readonly rows: readonly Row[]
  readonly clusterEvents: readonly ClusterEvent[]
}

const slotCount = 60
const rowCount = 24
const rowLength = 60
const serverCount = 40

const busiest = (observations: readonly Observation[]): readonly string[] => {
  const counts = new Map<string, number>()
  for (const { server } of observations)
    if (server !== null) counts.set(server, (counts.get(server) ?? 0) + 1)
  return [...counts]
    .sort(([a, some], [b, others]) => others - some || (a < b ? -1 : 1))
    .slice(0, serverCount)
    .map(([name]) => name)
    .sort()
}

const runsOf = (own: readonly Observation[]): readonly RequestRun[] => {
  const runs: RequestRun[] = []
  for (const observation of own.slice(0, rowLength)) {
    const { server, phase } = observation
    const [last, served] = [runs.at(-1), isServed(observation)]
    const isSame =
      last !== undefined &&
      last.server === server &&
      last.isServed === served &&
      last.phase === phase
    if (isSame) runs[runs.length - 1] = { ...last, length: last.length + 1 }
    else runs.push({ server, isServed: served, phase, length: 1 })
  }
  return runs
}

/** The first clients, and the first new clients. */
const rowsOf = (observations: readonly Observation[]): readonly Row[] => {
  const clients = [...byClient(observations)].sort(([a], [b]) => a - b)
  const newcomers = clients.filter(([, own]) => own[0]?.phase === 'newcomers')
  const others = clients.filter(([, own]) => own[0]?.phase !== 'newcomers')
  const some = newcomers.slice(0, rowCount / 4)
  return [...others.slice(0, rowCount - some.length), ...some].map(([client, own]) => ({
    client,
    runs: runsOf(own),
  }))
}

export const timelineOf = ({ observations: given, clusterEvents }: ScenarioRun): Timeline => {
  const observations = [...given].sort((a, b) => a.atMs - b.atMs || a.client - b.client)
  const ends = [
    ...observations.map(({ atMs, tookMs }) => atMs + tookMs),
    ...clusterEvents.map(({ endMs }) => endMs),
  ]
  const lastMs = ends.reduce((latest, end) => Math.max(latest, end), 0)
  const slotMs = Math.max(1, Math.ceil(lastMs / slotCount))
  const servers = busiest(observations)
  const places = new Map(servers.map((name, index) => [name, index]))
  const length =
    observations.length === 0 ? 0 : Math.min(slotCount, Math.floor(lastMs / slotMs) + 1)
  const slots = Array.from({ length }, () => ({
    served: servers.map(() => 0),
    unidentified: 0,
    failed: 0,
  }))
  for (const observation of observations) {
    const slot = slots[Math.min(length - 1, Math.floor(observation.atMs / slotMs))]
    if (slot === undefined) continue
    const place = observation.server === null ? undefined : places.get(observation.server)
    if (!isServed(observation)) slot.failed++
    else if (place === undefined) slot.unidentified++
    else slot.served[place] = (slot.served[place] ?? 0) + 1
  }
  return { slotMs, servers, slots, rows: rowsOf(observations), clusterEvents: clusterEvents }
}
