import type { Cluster, Upstream } from '../../model/cluster.ts'
import type { Target } from '../../model/target.ts'
import { type Keeping, keepingOf } from '../../session-keeping.ts'
import { change, type Outcome } from '../change.ts'
import { arrive, type Crowd, namesOf, spreadOf } from '../crowd.ts'
import type { Event } from '../model.ts'
import type { Clients } from '../population/clients.ts'
import { type Simulated, simulatedUpstream } from '../upstream/simulated.ts'
import { applied, isReload } from './apply.ts'
import { checksHealth, type Lasting, lastingOf } from './duration.ts'
import { eventTitle, type StoryEvent } from './event.ts'

/** Clients by server, in the order of the configuration. */
export type Spread = readonly { readonly server: string; readonly clients: number }[]

export interface StoryStep
  extends Pick<Outcome, 'sessions' | 'moved' | 'failed' | 'retried' | 'lost' | 'lostWith'> {
  readonly event: string
  readonly lasting: Lasting
  readonly spread: Spread
}

/** A step that the dialect refuses; the steps after it continue from the state before. */
export interface RefusedStep {
  readonly event: string
  readonly refused: true
}

/** What one proxy does with the clients of an upstream. */
export interface Story {
  readonly proxy: Target['dialect']
  readonly version: string
  /** As written, such as `ip_hash`. */
  readonly form: string
  readonly sessionsIn: Keeping
  readonly clients: number
  /** The first requests. */
  readonly spread: Spread
  readonly steps: readonly (StoryStep | RefusedStep)[]
}

const asList = (spread: ReadonlyMap<string, number>): Spread =>
  [...spread].map(([server, clients]) => ({ server, clients }))

/** Health checks have noticed those that died before this step. */
const noticed = ({ simulated, dead }: Crowd): readonly Exclude<Event, { kind: 'reload' }>[] =>
  checksHealth(simulated)
    ? [...namesOf(simulated)].flatMap(([place, server]) =>
        dead.has(place) ? [{ kind: 'noticed', server } as const] : [],
      )
    : []

const eventsOf = (event: StoryEvent): readonly Exclude<Event, { kind: 'reload' }>[] =>
  event.kind === 'dies' || event.kind === 'returns'
    ? [{ kind: event.kind, server: event.server }]
    : []

const stepOf = (event: StoryEvent, simulated: Simulated, outcome: Outcome): StoryStep => {
  const { sessions, moved, failed, retried, lost, lostWith, spread } = outcome
  return {
    event: eventTitle(event),
    sessions,
    moved,
    failed,
    retried,
    lost,
    lostWith,
    lasting: lastingOf(event, simulated),
    spread: asList(spread),
  }
}

/**
 * Events one after the other; after each, every client sends its next request.
 * @returns null: the dialect refuses the upstream.
 */
export const tell = (
  cluster: Cluster,
  upstream: Upstream,
  target: Target,
  clients: Clients,
  events: readonly StoryEvent[],
  seed: number,
): Story | null => {
  const simulated = simulatedUpstream(cluster, upstream, target)
  if (simulated === null) return null
  let now = { cluster, upstream }
  let crowd = arrive(simulated, clients, seed)
  const first = asList(spreadOf(crowd))
  const steps = events.map((event): StoryStep | RefusedStep => {
    const next = applied(now.cluster, now.upstream, event)
    const into = isReload(event)
      ? simulatedUpstream(next.cluster, next.upstream, target)
      : crowd.simulated
    if (into === null) return { event: eventTitle(event), refused: true }
    for (const each of noticed(crowd)) crowd.started.run.happens(each)
    const outcome = change(crowd, {
      reload: isReload(event) ? into : null,
      events: eventsOf(event),
    })
    now = next
    crowd = outcome.after
    return stepOf(event, into, outcome)
  })
  return {
    proxy: target.dialect,
    version: target.version.text,
    form: simulated.title,
    sessionsIn: keepingOf(upstream),
    clients: clients.count,
    spread: first,
    steps,
  }
}

/**
 * What is asked where the user asks nothing: a server is added, the last one is drained and removed, the
 * first one dies and returns. They are different servers, because one that died has no clients to drain.
 */
export const usualEvents = ({ servers }: Upstream): readonly StoryEvent[] => {
  const names = servers.map(({ name }) => name)
  let server = 'new'
  while (names.includes(server)) server = `${server}-new`
  const [first, last] = [names[0], names.at(-1)]
  return [
    { kind: 'add', server, address: null },
    ...(first === undefined || last === undefined || first === last
      ? []
      : [
          { kind: 'drain', server: last } as const,
          { kind: 'remove', server: last } as const,
          { kind: 'dies', server: first } as const,
          { kind: 'returns', server: first } as const,
        ]),
  ]
}
