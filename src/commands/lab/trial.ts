import type { Context } from '../../context.ts'
import { hasManyClientAddresses, isClaimed, reasonToSkip } from '../../core/lab/claims.ts'
import type { WayIn } from '../../core/lab/plan.ts'
import { sessionCookieIn } from '../../core/lab/session-cookie.ts'
import type { LabTrial } from '../../core/lab/trial.ts'
import type { Upstream } from '../../core/model/cluster.ts'
import type { Place } from '../../core/traffic/client.ts'
import { evaluate, type Result, skipped } from '../../core/traffic/evaluate.ts'
import { expectedServers, identityOf } from '../../core/traffic/expectations.ts'
import { latencyOf } from '../../core/traffic/figures/latency.ts'
import type { Identity } from '../../core/traffic/identity.ts'
import type { Scenario, Size } from '../../core/traffic/scenario.ts'
import type { Line, TrafficWorld } from '../../ports/traffic.ts'
import type { LabProgress } from '../../report/lab-progress.ts'
import { statusWord } from '../../report/traffic/words.ts'
import { drive, type Load, type Way } from '../traffic/drive.ts'
import type { LabRunning } from './cluster.ts'
import { eventsOn } from './events.ts'

const load: Load = { concurrency: 8, rate: null }
const timeoutMs = 30_000
const directRequests = 100

/** Every answer of the lab's applications says who it is from, and counts. */
const labIdentity = (upstream: Upstream): Identity => ({
  ...identityOf(upstream),
  session: { ...identityOf(upstream).session, cookie: sessionCookieIn(upstream) },
  sessionBy: { kind: 'json', name: 'session' },
  server: { kind: 'header', name: 'X-Lab-Server' },
  count: { kind: 'json', name: 'count' },
  trustsSilence: false,
})

const placeOf = (url: URL, host: string): Place => ({
  path: `${url.pathname}${url.search}`,
  host: host.toLowerCase(),
  isTls: url.protocol === 'https:',
  hasManyAddresses: hasManyClientAddresses(url.hostname),
})

const openLine = (url: URL, host: string, traffic: TrafficWorld): Line => {
  const isTls = url.protocol === 'https:'
  return traffic.open({
    address: url.hostname,
    port: Number(url.port),
    isTls,
    host: `${host}:${url.port}`,
    authorities: null,
    // The certificate is one of the lab's own.
    isInsecure: true,
    keepsAlive: false,
    timeoutMs,
  })
}

/** A session is one of a host and an upstream, unless its cookie is for a domain. */
const siteOf = ({ upstream, entrance }: WayIn): string => {
  const { app } = upstream
  const hasDomain = app.runtime === 'tomcat' && app.cookie.domain !== null
  return `${upstream.name} ${hasDomain ? '' : entrance.host}`
}

/** All ways in, to be used in turn. */
const waysOf = (ways: readonly WayIn[], traffic: TrafficWorld): readonly Way[] => {
  const sites = [...new Set(ways.map(siteOf))]
  return ways.map((way) => {
    const { upstream, entrance } = way
    const to = new URL(entrance.url)
    return {
      line: openLine(to, entrance.host, traffic),
      place: placeOf(to, entrance.host),
      identity: labIdentity(upstream),
      site: sites.indexOf(siteOf(way)),
    }
  })
}

/** Counts the answers of each server on the way. */
const counting = (line: Line, seen: Map<string, number>): Line => ({
  ...line,
  ask: async (asked) => {
    const reply = await line.ask(asked)
    const server = reply.answer?.headers.get('x-lab-server')?.at(-1)
    if (server !== undefined) seen.set(server, (seen.get(server) ?? 0) + 1)
    return reply
  },
})

/**
 * What the balancer costs: the median through it less that of a server itself. Both are asked in turn:
 * a server is the faster the longer it runs.
 */
const addedLatency = async ({ plan }: LabRunning, url: URL, traffic: TrafficWorld) => {
  const [server] = plan.upstream.servers
  if (server?.address.kind !== 'inet') return null
  const direct = new URL(url)
  direct.protocol = 'http:'
  direct.port = String(server.address.port)
  const path = `${url.pathname}?create=false`
  const { host } = plan.entrance
  const ways = [url, direct].map((to) => ({
    line: openLine(to, host, traffic),
    took: [] as number[],
  }))
  try {
    for (let nth = 0; nth < directRequests; nth += 1)
      for (const { line, took } of ways) {
        const start = traffic.clock.ticks()
        const { answer } = await line.ask({ path, headers: {}, from: null, client: nth })
        if (answer?.status === 200) took.push(traffic.clock.ticks() - start)
      }
  } finally {
    for (const { line } of ways) line.close()
  }
  const [through, alone] = ways.map(({ took }) => latencyOf(took)?.p50 ?? null)
  return through == null || alone == null ? null : Math.max(0, through - alone)
}

interface Surroundings {
  readonly url: URL
  readonly traffic: TrafficWorld
  readonly signal: AbortSignal
  /** Nobody needs the cluster afterwards: what died in it may stay dead. */
  readonly isLeft: boolean
}

const runOne = async (
  scenario: Scenario,
  size: Size,
  running: LabRunning,
  { url, traffic, signal, isLeft }: Surroundings,
): Promise<Result> => {
  const { plan } = running
  const { upstream, entrance } = plan
  const claimed = isClaimed(scenario.name, plan)
  const reason = reasonToSkip(scenario, size, plan)
  if (reason !== null) return skipped(scenario, reason, false)
  const seen = new Map<string, number>()
  const open = openLine(url, entrance.host, traffic)
  const line = counting(open, seen)
  const place = placeOf(url, entrance.host)
  const { clock } = traffic
  const probe = {
    line: open,
    path: place.path,
    hasManyAddresses: place.hasManyAddresses,
    clock,
    seen,
  }
  const events = eventsOn(running, probe)
  const others = scenario.entrances === 'all' ? waysOf(plan.ways, traffic) : []
  const all = others.length === 0 ? {} : { ways: others }
  try {
    const road = { line, place, identity: labIdentity(upstream), load, clock, signal, ...all }
    const rounds = Math.max(1, others.length)
    const larger = { ...size, requests: size.requests * rounds }
    const observed = await drive(scenario.behaviour(larger), road, events.happen)
    if (!isLeft) await events.putRight()
    const servers = others.length === 0 ? expectedServers(upstream) : null
    return evaluate(scenario, observed, { isClaimed: claimed, least: {}, servers })
  } finally {
    for (const way of others) way.line.close()
    open.close()
  }
}

const about = ({ plan }: LabRunning): string => {
  const titles = [plan.balancer, ...plan.servers, ...plan.stores].map(({ title }) => title)
  return [...new Set(titles)]
    .map((title) => {
      const count = titles.filter((one) => one === title).length
      return count === 1 ? title : `${count} × ${title}`
    })
    .join(', ')
}

const notesOf = ({ plan, stores, servers, balancer }: LabRunning): readonly string[] => {
  const standIns = plan.servers.filter(({ isStandIn }) => isStandIn)
  const all = [...stores, ...servers.values(), balancer]
  const complaints = all.flatMap(({ process, complaints }) =>
    complaints.map((line) => `${process.name} said: ${line.trim()}`),
  )
  const [standIn] = standIns
  return [
    ...(standIn === undefined
      ? []
      : [`${standIn.title}: what the balancer does is real, what becomes of sessions is not`]),
    ...plan.notes,
    ...complaints,
  ]
}

interface Wanted {
  readonly scenarios: readonly Scenario[]
  readonly size: Size
  /** The cluster goes on when they are over. */
  readonly keep: boolean
}

/** Runs the scenarios on a cluster that is up. */
export const runTrial = async (
  name: string,
  { scenarios, size, keep }: Wanted,
  running: LabRunning,
  context: Context,
  { say, during }: LabProgress,
): Promise<LabTrial> => {
  const traffic = await context.traffic()
  const url = new URL(running.plan.entrance.url)
  const { signal } = context
  // Before something dies in it.
  const measure = () => addedLatency(running, url, traffic)
  const addedMs = await during('measuring what the balancer adds', measure)
  const results: Result[] = []
  for (const [index, scenario] of scenarios.entries()) {
    const isLeft = !keep && index === scenarios.length - 1
    const run = () => runOne(scenario, size, running, { url, traffic, signal, isLeft })
    const result = await during(`${scenario.name}: ${scenario.title}`, run)
    const why = result.reason === '' ? '' : `: ${result.reason}`
    say(`${statusWord(result).padEnd(10)}${scenario.name.padEnd(10)}${scenario.title}${why}`)
    results.push(result)
  }
  return { name, about: about(running), notes: notesOf(running), results, addedMs }
}
