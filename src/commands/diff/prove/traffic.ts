import type { Context } from '../../../context.ts'
import { hasManyClientAddresses } from '../../../core/lab/claims.ts'
import { type EntryPoint, entryPointOf, entryPointsOf } from '../../../core/lab/entry-point.ts'
import type { LabPlan } from '../../../core/lab/plan.ts'
import {
  type Arrival,
  behaviourOf,
  directly,
  type Groups,
  throughCdn,
} from '../../../core/prove/population.ts'
import { hasOtherAddresses, type UpstreamPair } from '../../../core/review/index.ts'
import type { Pair } from '../../../core/review/side.ts'
import type { ScenarioRun } from '../../../core/traffic/scenario.ts'
import type { HttpClient } from '../../../ports/traffic.ts'
import { openEntries, standardTimeoutMs } from '../../lab/entry.ts'
import { mapAtMost } from '../../map-at-most.ts'
import { type Entry, type Load, runScenario } from '../../traffic/drive.ts'

/** An upstream whose clients are followed through the change. */
export interface Followed {
  readonly pair: UpstreamPair
  readonly arrival: Arrival
  /** null: `reason` says why its clients cannot be followed. */
  readonly entryPoint: EntryPoint | null
  readonly reason: string | null
}

/** Whose clients can be followed. */
export const isFollowed = (
  each: Followed,
): each is Followed & { readonly entryPoint: EntryPoint } => each.entryPoint !== null

/** @param pair one of the clusters of the plans. */
export const followed = (pair: UpstreamPair, plans: Pair<LabPlan>): Followed => {
  const clusters = { before: plans.before.cluster, after: plans.after.cluster }
  const arrival = hasOtherAddresses(pair, clusters) ? throughCdn : directly
  const entryPoint = entryPointOf(clusters.before, pair.before)
  const isSame = ({ url, host }: EntryPoint): boolean =>
    url === entryPoint?.url && host === entryPoint.host
  if (entryPoint === null)
    return { pair, arrival, entryPoint: null, reason: 'no location of the old spec leads to it' }
  if (!entryPointsOf(clusters.after, pair.after).some(isSame))
    return { pair, arrival, entryPoint: null, reason: 'its URL is another one after the change' }
  return { pair, arrival, entryPoint, reason: null }
}

const load: Load = { concurrency: 8, rate: null }
const stepMs = 50

/** Counts the requests that are finished. */
interface Line {
  readonly entry: Entry
  readonly sent: () => number
}

const lineTo = (entryPoint: EntryPoint, { client, ...entry }: Entry): Line => {
  let sent = 0
  const counting: HttpClient = {
    ...client,
    send: async (request) => {
      const result = await client.send(request)
      sent += 1
      return result
    },
  }
  const { upstream } = entryPoint
  // Names only: after the change, a route or an address can be that of another server.
  const serverNames = new Map(upstream.servers.map(({ name }) => [name, name]))
  const identification = { ...entry.identification, serverNames, routes: null }
  return { entry: { ...entry, client: counting, identification }, sent: () => sent }
}

/** Calls the function when all have arrived; each of them waits for its end. */
const together = (count: number, work: () => Promise<void>): (() => Promise<null>) => {
  let arrived = 0
  let done: Promise<void> | null = null
  let begin: () => void = () => undefined
  const all = new Promise<void>((resolve) => {
    begin = resolve
  })
  return async () => {
    arrived += 1
    if (arrived === count) begin()
    await all
    done ??= work()
    await done
    return null
  }
}

/**
 * Sends the requests of all clients of each upstream, and applies the change while those of the busy ones go
 * on.
 * @param apply gets a function that waits until each busy client has sent so many further requests.
 */
export const drive = async (
  upstreams: readonly (Followed & { readonly entryPoint: EntryPoint })[],
  groups: Groups,
  context: Context,
  apply: (rounds: (count: number) => Promise<void>) => Promise<void>,
): Promise<readonly ScenarioRun[]> => {
  const traffic = await context.traffic()
  const { clock } = traffic
  const lines = upstreams.map(({ entryPoint }) => {
    const [entry] = openEntries([entryPoint], '/', standardTimeoutMs, traffic)
    return lineTo(entryPoint, entry)
  })
  const rounds = async (count: number): Promise<void> => {
    // The round that has begun does not count.
    const goals = lines.map(({ sent }) => sent() + (count + 1) * groups.busy.length)
    while (lines.some(({ sent }, index) => sent() < (goals[index] ?? 0))) await clock.wait(stepMs)
  }
  const change = together(lines.length, () => apply(rounds))
  try {
    return await mapAtMost(
      Math.max(1, lines.length),
      lines.map(({ entry }, index) => ({ entry, arrival: upstreams[index]?.arrival ?? directly })),
      ({ entry, arrival }) =>
        runScenario(
          behaviourOf(groups, arrival),
          { entries: [entry], load, clock, signal: context.signal },
          change,
        ),
    )
  } finally {
    for (const { entry } of lines) entry.client.close()
  }
}

export const hasManyAddresses = ({ host }: LabPlan): boolean => hasManyClientAddresses(host)
