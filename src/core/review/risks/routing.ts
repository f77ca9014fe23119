import { formatAddress } from '../../model/address.ts'
import type { Server, Upstream } from '../../model/cluster.ts'
import type { ProxyEffect } from '../impact.ts'
import { titleOf } from '../programs.ts'
import type { Remedy } from '../review.ts'
import { sharesByWeight } from '../routing/binding.ts'
import { isFewest } from '../routing/flow.ts'
import { named, shareOf } from '../shares.ts'
import type { Match } from '../side.ts'
import { type Circumstances, type FoundRisk, upstreamRisk } from './found.ts'
import { advice, bindByRoute, drainFirst, shareSessions } from './remedies.ts'

const isBound = ({ effect }: Circumstances): boolean =>
  effect.holder === 'server' || effect.holder === 'unknown'

/** What a move means for the sessions. */
const consequence = ({ effect }: Circumstances): string => {
  if (effect.holder === 'all') return 'these find the sessions in the store'
  return effect.holder === 'server'
    ? 'their sessions are lost: no other server has them'
    : 'their sessions are lost, unless the servers share them'
}

type Kind = 'server-removed' | 'server-replaced' | 'server-down' | 'route-renamed'

/** Why requests that name this server do not get to it; null: they do. */
const lostKind = ({ before, after }: Match<Server>): Kind | null => {
  if (before === null) return null
  if (after === null) return 'server-removed'
  if (formatAddress(before.address) !== formatAddress(after.address)) return 'server-replaced'
  if (before.state !== 'down' && after.state === 'down') return 'server-down'
  return before.route === after.route ? null : 'route-renamed'
}

/** What names the server in a request. */
const carrier = ({ affinity }: Upstream): string => {
  if (affinity.method === 'jvm_route') return 'existing session ids'
  const isCookie = affinity.method === 'sticky' && affinity.by === 'cookie'
  return isCookie ? 'existing affinity cookies' : 'requests of existing sessions'
}

type Sentence = (names: string, plural: boolean, upstream: Upstream) => string

const sentences: Readonly<Record<Kind, Sentence>> = {
  'server-removed': (names, plural) => `${names} ${plural ? 'are' : 'is'} removed`,
  'server-replaced': (names, plural) =>
    `${names} ${plural ? 'are at other addresses' : 'is at another address'}`,
  'server-down': (names, plural) => `${names} ${plural ? 'get' : 'gets'} no more requests`,
  'route-renamed': (names, plural, upstream) =>
    `${plural ? 'the routes' : 'the route'} of ${names} ${plural ? 'change' : 'changes'}, and ${carrier(upstream)} name the old ${plural ? 'ones' : 'one'}`,
}

const remediesFor = (
  kind: Kind,
  servers: readonly Match<Server>[],
  of: Circumstances,
): readonly Remedy[] => {
  const { after } = of.effect.pair
  const names = named(servers.flatMap(({ before }) => before?.name ?? []))
  switch (kind) {
    case 'route-renamed':
      return [
        advice(
          `keep the old ${servers.length === 1 ? 'route' : 'routes'}: ${named(servers.flatMap(({ before }) => (before === null ? [] : [`route: ${before.route}`])))}`,
        ),
      ]
    case 'server-removed':
      return [drainFirst(names, 'remove it from the spec', after, of.after), shareSessions(after)]
    case 'server-down':
      return [drainFirst(names, 'set state: down', after, of.after), shareSessions(after)]
    default:
      return [
        drainFirst(
          names,
          'change its address; add the new address as another server meanwhile',
          after,
          of.after,
        ),
        shareSessions(after),
      ]
  }
}

/** Servers that requests name, and that are not there any more. */
const lostServers = (of: Circumstances): readonly FoundRisk[] => {
  const { pair } = of.effect
  const shares = sharesByWeight(pair.before.servers)
  const routes = new Set(pair.after.servers.map(({ route }) => route))
  const kinds = new Map<Kind, Match<Server>[]>()
  for (const match of pair.servers) {
    const kind = lostKind(match)
    const hasClients = match.before !== null && (shares.get(match.before) ?? 0) > 0
    if (kind === null || !hasClients) continue
    const same = kinds.get(kind)
    if (same === undefined) kinds.set(kind, [match])
    else same.push(match)
  }
  return [...kinds].map(([kind, servers]) => {
    const share = servers.reduce(
      (sum, { before }) => sum + (before === null ? 0 : (shares.get(before) ?? 0)),
      0,
    )
    const names = named(servers.flatMap(({ before }) => before?.name ?? []))
    const what = sentences[kind](names, servers.length > 1, pair.before)
    const [first] = servers
    const isGone = kind === 'server-removed'
    const clients = shareOf(share, `clients of upstream ${pair.after.name}`)
    const where =
      kind === 'route-renamed' && servers.every(({ before }) => !routes.has(before?.route ?? ''))
        ? `requests of ${clients} are balanced as those of new clients`
        : `${clients} continue on other servers`
    return {
      ...upstreamRisk(of, {
        code: kind,
        kind: isBound(of) ? 'sessions' : 'availability',
        message: `${what}: ${where}; ${consequence(of)}`,
        remedies: isBound(of) ? remediesFor(kind, servers, of) : [],
        at: (isGone ? first?.before?.path : first?.after?.path) ?? pair.after.path,
        share,
      }),
      side: isGone ? 'before' : 'after',
    }
  })
}

const remediesOfMove = (cause: string, of: Circumstances, share: number): readonly Remedy[] => {
  const { after, before } = of.effect.pair
  switch (cause) {
    case 'routes-unreadable':
      return [advice('name the same cookie in affinity.cookie and in app.cookie.name')]
    case 'affinity-cookie-renamed':
      return [advice('keep the old name of the cookie')]
    case 'table-lost':
      return [
        advice(
          'write targets.haproxy.peers: { lb1: "127.0.0.1:10000" }, which keeps the table over a reload',
        ),
        bindByRoute(after),
      ]
    case 'hash-changed':
      return [
        ...(isFewest(share, of.effect.pair)
          ? []
          : [
              advice(
                'use affinity: { method: hash, key: $remote_addr, consistent: true } before servers change: only the clients of the servers that change then move (the step to it moves most of them once)',
              ),
            ]),
        bindByRoute(after),
        shareSessions(after),
      ]
    default:
      return [
        ...(before.affinity.method === 'none' ? [] : [advice('keep the affinity of before')]),
        shareSessions(after),
      ]
  }
}

const causeOf = ({ routing }: ProxyEffect): string | null => routing.cause

/** The places of the spec that decide, by the cause. */
const placeOf = (cause: string, { effect }: Circumstances): readonly (string | number)[] => {
  const { path, affinity } = effect.pair.after
  if (cause === 'hash-changed') return [...path, 'servers']
  return affinity.method === 'none' ? path : affinity.path
}

/** Clients whose next request goes to another server, although their own is still there. */
const movedClients = (of: Circumstances): readonly FoundRisk[] => {
  const { effect } = of
  const causes = new Map<string, ProxyEffect[]>()
  for (const proxy of effect.proxies) {
    const cause = causeOf(proxy)
    if (cause === null || cause === 'route-lost' || proxy.impact.moved === 0) continue
    causes.set(cause, [...(causes.get(cause) ?? []), proxy])
  }
  const { name } = effect.pair.after
  return [...causes].map(([cause, proxies]) => {
    const [first] = proxies
    const share = Math.max(...proxies.map(({ impact }) => impact.moved))
    const where =
      effect.proxies.length > 1 ? ` (${named(proxies.map(({ proxy }) => titleOf(proxy)))})` : ''
    const isBroken = proxies.some(({ routing }) => routing.isBroken)
    const moves = isBroken
      ? `each request of the clients of upstream ${name} may go to another server`
      : `${shareOf(share, `clients of upstream ${name}`)} move to another server`
    return upstreamRisk(of, {
      code: cause,
      kind: isBound(of) ? 'sessions' : 'cosmetic',
      message: `${moves}${where}: ${first?.routing.reason ?? ''}; ${consequence(of)}`,
      remedies: isBound(of) ? remediesOfMove(cause, of, share) : [],
      at: placeOf(cause, of),
      share: isBroken ? 1 : share,
    })
  })
}

/** What the way to the servers does to sessions. */
export const routingRisks = (of: Circumstances): readonly FoundRisk[] => {
  if (of.effect.holder === 'none') return []
  const byRoute = of.effect.proxies.some((proxy) => causeOf(proxy) === 'route-lost')
  return [...(byRoute ? lostServers(of) : []), ...movedClients(of)]
}
