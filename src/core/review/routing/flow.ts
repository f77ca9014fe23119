import { formatAddress } from '../../model/address.ts'
import type { Server } from '../../model/cluster.ts'
import type { UpstreamPair } from '../match.ts'
import { isPair } from '../side.ts'
import { idOf, sharesByWeight } from './binding.ts'

/** Where the clients of one server go after the change. */
export interface Flow {
  /** Before the change. */
  readonly server: Server
  /** Of all clients of the upstream. */
  readonly share: number
  /** Of these clients: those whose next request goes to the same server. */
  readonly stays: number
  /** Of these clients: those that go on to that server with each request. */
  readonly keeps: number
}

const flow = (server: Server, share: number, stays: number): Flow => ({
  server,
  share,
  stays,
  keeps: stays,
})

/** The server after the change that has the same address; null: it is gone or elsewhere. */
const sameServers = ({ servers }: UpstreamPair): ReadonlyMap<Server, Server> =>
  new Map(
    servers
      .filter(isPair)
      .filter(({ before, after }) => formatAddress(before.address) === formatAddress(after.address))
      .map(({ before, after }) => [before, after] as const),
  )

/** The shares of clients that a server gets by its weight, as long as all their servers are chosen again. */
export const flowsAtRandom = (pair: UpstreamPair): readonly Flow[] => {
  const now = sharesByWeight(pair.after.servers)
  const same = sameServers(pair)
  return [...sharesByWeight(pair.before.servers)].map(([server, share]) => {
    const there = same.get(server)
    return flow(server, share, there === undefined ? 0 : (now.get(there) ?? 0))
  })
}

/** Nothing that decides about routing has changed, or it finds every client where it was. */
export const flowsThatStay = (pair: UpstreamPair): readonly Flow[] =>
  [...sharesByWeight(pair.before.servers)].map(([server, share]) => flow(server, share, 1))

/** The fewest clients that must move so that each server has its share: what a sample may not show. */
export const flowsAtLeast = (pair: UpstreamPair): readonly Flow[] => {
  const now = sharesByWeight(pair.after.servers)
  const same = sameServers(pair)
  return [...sharesByWeight(pair.before.servers)].map(([server, share]) => {
    const there = same.get(server)
    const next = there === undefined ? 0 : (now.get(there) ?? 0)
    return flow(server, share, Math.min(1, next / share))
  })
}

type Identity = Parameters<typeof idOf>[1]

/** Requests name the server, so that each client goes where a server has that name. */
export const flowsByRoute = (
  pair: UpstreamPair,
  before: Identity,
  after: Identity,
): readonly Flow[] => {
  const named = new Map(pair.after.servers.map((server) => [idOf(server, after), server]))
  const same = sameServers(pair)
  const now = sharesByWeight(pair.after.servers)
  return [...sharesByWeight(pair.before.servers)].map(([server, share]) => {
    const there = same.get(server)
    const next = named.get(idOf(server, before))
    if (next !== undefined && next.state !== 'down')
      return flow(server, share, next === there ? 1 : 0)
    return flow(server, share, there === undefined ? 0 : (now.get(there) ?? 0))
  })
}

/** Shares are sums of fractions: all of them are exactly 1. */
export const rounded = (share: number): number => Math.min(1, Math.round(share * 1e9) / 1e9)

export const movedIn = (flows: readonly Flow[]): number =>
  rounded(flows.reduce((sum, { share, stays }) => sum + share * (1 - stays), 0))

/** Less is noise of the sample of a model. */
const noise = 0.05

/** Whether no other method would move clearly fewer clients. */
export const isFewest = (moved: number, pair: UpstreamPair): boolean =>
  moved <= movedIn(flowsAtLeast(pair)) + noise

/** No client that a server had is bound to it any more: each request may go to another one. */
export const isUnbound = (flows: readonly Flow[]): boolean =>
  flows.some(({ stays, keeps }) => keeps < stays) && flows.every(({ keeps }) => keeps === 0)
