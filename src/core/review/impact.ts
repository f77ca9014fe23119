import type { Server, Upstream } from '../model/cluster.ts'
import type { Matches } from './match.ts'
import { type UpstreamPair, upstreamPairs } from './match.ts'
import { type Programs, sameTarget } from './programs.ts'
import type { ProxyImpact, ProxyName } from './review.ts'
import { sharesByWeight } from './routing/binding.ts'
import { type Routing, routingOf } from './routing/decide.ts'
import { type Flow, movedIn, rounded } from './routing/flow.ts'
import { type Models, modelsFor } from './routing/models.ts'
import type { Question } from './routing/question.ts'
import { type Holder, holderOf, type Loss, lossesOf } from './sessions/stores.ts'
import { isPair, type Pair, type ReviewSide } from './side.ts'

/** What a change does to one upstream, with the causes that the risks name. */
export interface Effect {
  readonly pair: UpstreamPair
  readonly holder: Holder
  /** What makes sessions unreadable wherever the next request goes. */
  readonly losses: readonly Loss[]
  /** Servers that restart, as they are after the change. */
  readonly restarted: readonly Server[]
  /** Sessions on servers that restart are lost if they get a request meanwhile. */
  readonly losesAtRestart: boolean
  readonly proxies: readonly ProxyEffect[]
}

export interface ProxyEffect {
  readonly proxy: ProxyName
  readonly routing: Routing
  readonly impact: ProxyImpact
}

const isStrict = ({ affinity }: Upstream): boolean =>
  affinity.method !== 'none' && affinity.onFailure === 'strict'

const isBound = (holder: Holder): boolean => holder === 'server' || holder === 'unknown'

/** The servers after the change, by those before it. */
const successors = ({ servers }: UpstreamPair): ReadonlyMap<Server, Server> =>
  new Map(servers.filter(isPair).map(({ before, after }) => [before, after] as const))

const spreadOf = (servers: readonly Server[]): Readonly<Record<string, number>> =>
  Object.fromEntries([...sharesByWeight(servers)].map(([{ name }, share]) => [name, share]))

interface Circumstances {
  readonly pair: UpstreamPair
  readonly holder: Holder
  readonly losses: readonly Loss[]
  readonly programs: Programs
  readonly losesAtRestart: boolean
}

/** The share of sessions of one server before the change that are lost. */
const lostOf = (
  { server, keeps }: Flow,
  { holder, losesAtRestart, programs }: Circumstances,
  next: ReadonlyMap<Server, Server>,
): number => {
  if (!isBound(holder)) return 0
  const there = next.get(server)
  const restarts = losesAtRestart && there !== undefined && programs.restarts.has(there)
  return restarts ? 1 : 1 - keeps
}

const impactOf = (proxy: ProxyName, routing: Routing, of: Circumstances): ProxyImpact => {
  const { holder, losses, pair, programs } = of
  const next = successors(pair)
  const unreadable = holder === 'none' ? 0 : (losses[0]?.share ?? 0)
  const elsewhere = routing.flows.reduce(
    (sum, flow) => sum + flow.share * lostOf(flow, of, next),
    0,
  )
  // A server that restarts answers nobody; a strict session, or a single server, has no other.
  const waits = isStrict(pair.after) || sharesByWeight(pair.after.servers).size < 2
  const failed = routing.flows.reduce((sum, { server, share }) => {
    const there = next.get(server)
    return waits && there !== undefined && programs.restarts.has(there) ? sum + share : sum
  }, 0)
  return {
    proxy,
    moved: movedIn(routing.flows),
    lost: rounded(unreadable + (1 - unreadable) * elsewhere),
    failed: Math.max(failed, routing.model?.failed ?? 0),
    spread: routing.model?.spread ?? {
      before: spreadOf(pair.before.servers),
      after: spreadOf(pair.after.servers),
    },
    reason: losses[0]?.reason ?? routing.reason,
    by: losses.length > 0 ? 'rule' : routing.by,
  }
}

const stepOf = (proxy: ProxyName, { reloads, replaced }: Programs): Question['step'] => {
  if (replaced.has(proxy)) return 'restart'
  return reloads.has(proxy) ? 'reload' : 'none'
}

const effectOf = (
  pair: UpstreamPair,
  sides: Pair<ReviewSide>,
  programs: Programs,
  models: Models,
): Effect => {
  const { before, after } = pair
  const clusters = { before: sides.before.cluster, after: sides.after.cluster }
  const holder = holderOf(before)
  const losses = lossesOf({ before: before.app, after: after.app }, after.path)
  const restarted = after.servers.filter((server) => programs.restarts.has(server))
  const losesAtRestart =
    restarted.length > 0 &&
    holder === 'server' &&
    !isStrict(after) &&
    sharesByWeight(after.servers).size > 1
  const stopped = pair.servers
    .filter(isPair)
    .flatMap((server) => (programs.restarts.has(server.after) ? [server.before.name] : []))
  const of = { pair, holder, losses, programs, losesAtRestart }
  return {
    pair,
    holder,
    losses,
    restarted,
    losesAtRestart,
    proxies: sides.after.cluster.targets.map((target) => {
      const targets = { before: sameTarget(target, clusters.before) ?? target, after: target }
      const step = stepOf(target.dialect, programs)
      const routing = routingOf({ pair, targets, clusters, step, restarted: stopped, models })
      return { proxy: target.dialect, routing, impact: impactOf(target.dialect, routing, of) }
    }),
  }
}

/**
 * Of each upstream on both sides, in the order of their names.
 * @param asked null: models with clients of their own.
 */
export const effectsOf = (
  matches: Matches,
  sides: Pair<ReviewSide>,
  programs: Programs,
  asked: Models | null = null,
): readonly Effect[] => {
  const pairs = upstreamPairs(matches)
  const models = asked ?? modelsFor(pairs.length)
  return pairs.map((pair) => effectOf(pair, sides, programs, models))
}

const worst = (effect: Effect, figure: 'lost' | 'moved'): number =>
  Math.max(0, ...effect.proxies.map(({ impact }) => impact[figure]))

export const lostOfUpstream = (effect: Effect): number => worst(effect, 'lost')
export const movedOfUpstream = (effect: Effect): number => worst(effect, 'moved')
