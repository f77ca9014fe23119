import type { Context } from '../../context.ts'
import { isClaimed, reasonToSkip } from '../../core/lab/claims.ts'
import type { LabPlan } from '../../core/lab/plan.ts'
import type { Selection } from '../../core/lab/planned.ts'
import { sizeAt } from '../../core/lab/upgrade-place.ts'
import { evaluate, type ScenarioResult, skipped, type Trial } from '../../core/traffic/evaluate.ts'
import { expectedServers } from '../../core/traffic/expectations.ts'
import { latencyOf } from '../../core/traffic/figures/shares.ts'
import type { Scenario, Size } from '../../core/traffic/scenario.ts'
import type { HttpClient, TrafficWorld } from '../../ports/traffic.ts'
import type { Progress } from '../../report/progress.ts'
import { type Entry, type Load, runScenario } from '../traffic/drive.ts'
import type { RunningCluster } from './cluster.ts'
import { openClient, openEntries, standardTimeoutMs } from './entry.ts'
import { eventsOn } from './events.ts'

const load: Load = { concurrency: 8, rate: null }
const latencySamples = 100

/** Counts the responses of each server. */
const counting = (
  client: HttpClient,
  counts: Map<string, number>,
  count: () => void,
): HttpClient => ({
  ...client,
  send: async (request) => {
    const result = await client.send(request)
    const server = result.response?.headers.get('x-lab-server')?.at(-1)
    if (server !== undefined) counts.set(server, (counts.get(server) ?? 0) + 1)
    count()
    return result
  },
})

/**
 * The median latency through the balancer minus that of a direct request to a server. The two are
 * measured alternately, because a server becomes faster while it runs.
 */
const addedLatency = async ({ plan }: RunningCluster, traffic: TrafficWorld) => {
  const [server] = plan.upstream.servers
  if (server?.address.kind !== 'inet') return null
  const { url, host } = plan.entryPoint
  const proxied = new URL(url)
  const direct = new URL(url)
  direct.protocol = 'http:'
  direct.port = String(server.address.port)
  const path = `${proxied.pathname}?create=false`
  const measured = [proxied, direct].map((to) => ({
    client: openClient(to, host, traffic),
    times: [] as number[],
  }))
  try {
    for (let nth = 0; nth < latencySamples; nth += 1)
      for (const { client, times } of measured) {
        const start = traffic.clock.ticks()
        const request = { path, headers: {}, localAddress: null, client: nth }
        const { response } = await client.send(request)
        if (response?.status === 200) times.push(traffic.clock.ticks() - start)
      }
  } finally {
    for (const { client } of measured) client.close()
  }
  const [through, alone] = measured.map(({ times }) => latencyOf(times)?.p50 ?? null)
  return through == null || alone == null ? null : Math.max(0, through - alone)
}

interface TrialOptions extends Selection {
  /** The cluster keeps running after the scenarios. */
  readonly keep: boolean
}

/** @param isLast nothing uses the cluster afterwards, so that killed servers are not restarted. */
const runOne = async (
  scenario: Scenario,
  { size, isLast }: { readonly size: Size; readonly isLast: boolean },
  running: RunningCluster,
  { signal, traffic }: { readonly signal: AbortSignal; readonly traffic: TrafficWorld },
  showDetail: (text: string) => void,
): Promise<ScenarioResult> => {
  const { plan } = running
  const { upstream, entryPoint } = plan
  const usesAll = scenario.usesAllEntryPoints === true
  const [first = entryPoint, ...others] = usesAll ? plan.entryPoints : [entryPoint]
  const timeoutMs = standardTimeoutMs + size.slowMs
  const opened = openEntries([first, ...others], plan.upgrade.path, timeoutMs, traffic)
  const counts = new Map<string, number>()
  let responses = 0
  const countResponse = () => showDetail(`${++responses} responses`)
  const counted = (entry: Entry): Entry => ({
    ...entry,
    client: counting(entry.client, counts, countResponse),
  })
  const [main, ...more] = opened
  const { clock } = traffic
  const events = eventsOn(running, { ...main, clock, counts })
  try {
    const perEntry = { ...size, requests: size.requests * (1 + more.length) }
    const run = await runScenario(
      scenario.behaviour(perEntry),
      { entries: [counted(main), ...more.map(counted)], load, clock, signal },
      events.trigger,
    )
    if (!isLast) await events.restore()
    const servers = usesAll ? null : expectedServers(upstream)
    const expectation = { isClaimed: isClaimed(scenario.name, plan), minimums: {}, servers }
    return evaluate(scenario, run, expectation)
  } finally {
    for (const entry of opened) entry.client.close()
  }
}

/** The programs that run: `nginx 1.30.6, 3 × Tomcat 10.1.60`. */
export const about = ({ balancer, servers, stores }: LabPlan): string => {
  const titles = [balancer, ...servers, ...stores].map(({ title }) => title)
  return [...new Set(titles)]
    .map((title) => {
      const count = titles.filter((one) => one === title).length
      return count === 1 ? title : `${count} × ${title}`
    })
    .join(', ')
}

/** What a reader of the results needs to know about the running programs. */
export const notesOf = ({ plan, stores, servers, balancer }: RunningCluster): readonly string[] => {
  const standIn = plan.servers.find(({ isStandIn }) => isStandIn)
  const warnings = [...stores, ...servers.values(), balancer].flatMap(({ process, warnings }) =>
    warnings.map((line) => `${process.name} logged: ${line.trim()}`),
  )
  return [
    ...(standIn === undefined
      ? []
      : [
          `${standIn.title}: the results for the balancer are real, those for the session store are simulated`,
        ]),
    ...plan.notes,
    ...warnings,
  ]
}

/** Runs the scenarios on a running cluster. */
export const runTrial = async (
  name: string,
  { scenarios, isNamed, size: given, keep }: TrialOptions,
  running: RunningCluster,
  context: Context,
  progress: Progress,
): Promise<Trial> => {
  const traffic = await context.traffic()
  const { signal } = context
  // Measured before any server is killed.
  const addedMs = await progress.during('measuring the latency of the balancer', () =>
    addedLatency(running, traffic),
  )
  const size = sizeAt(running.plan.upgrade, given)
  const results: ScenarioResult[] = []
  for (const [index, scenario] of scenarios.entries()) {
    const options = { size, isLast: !keep && index === scenarios.length - 1 }
    const reason = reasonToSkip(scenario, size, running.plan, isNamed)
    const run = (showDetail: (text: string) => void) =>
      runOne(scenario, options, running, { signal, traffic }, showDetail)
    const result =
      reason === null
        ? await progress.during(`scenario ${scenario.name}`, run)
        : skipped(scenario, reason, false)
    results.push(result)
  }
  return { name, about: about(running.plan), notes: notesOf(running), results, addedMs }
}
