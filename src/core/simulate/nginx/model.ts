import type { Answer, Event, Model } from '../model.ts'
import { type Random, randomFrom } from '../random.ts'
import type { Request } from '../request.ts'
import type { SimulatedServer } from '../server.ts'
import { type Affinity, noCookies, none } from './affinity.ts'
import type { Method } from './method.ts'
import { allPeers, type Peer, type Upstream, upstreamOf } from './peers.ts'
import { fail, release, searchFor } from './search.ts'

export interface NginxOptions {
  /** `proxy_next_upstream_tries`; 0: no limit. */
  readonly mostTries: number
  /** Of the methods that choose by chance. */
  readonly seed: number
}

export const nginxDefaults: NginxOptions = { mostTries: 0, seed: 1 }

/** One upstream block, of one worker process or with a `zone`. */
export interface Block<Prepared, Memory> {
  readonly upstream: Upstream
  readonly prepared: Prepared
  readonly memory: Memory
  readonly random: Random
}

export interface NginxAnswer extends Answer {
  readonly request: Request
  readonly peer: Peer | null
  readonly isSingle: boolean
}

/** Servers that died stay dead over a reload. */
const keepDead = (before: Upstream, after: Upstream): void => {
  const dead = new Set(
    allPeers(before).flatMap(({ isAlive, server }) => (isAlive ? [] : [server.name])),
  )
  for (const peer of allPeers(after)) peer.isAlive = !dead.has(peer.server.name)
}

const setAlive = (upstream: Upstream, name: string, isAlive: boolean): void => {
  for (const peer of allPeers(upstream)) if (peer.server.name === name) peer.isAlive = isAlive
}

/** An upstream block with a balancing method and an affinity. */
export const nginxBlock = <Prepared, Work, Memory>(
  method: Method<Prepared, Work>,
  affinity: Affinity<Memory>,
  options: NginxOptions = nginxDefaults,
): Model<Block<Prepared, Memory>, NginxAnswer> => {
  const start = (
    servers: readonly SimulatedServer[],
    before: Block<Prepared, Memory> | null = null,
  ): Block<Prepared, Memory> => {
    const upstream = upstreamOf(servers, options.mostTries)
    if (before !== null) keepDead(before.upstream, upstream)
    return {
      upstream,
      prepared: method.prepare(upstream),
      memory: affinity.start(before?.memory ?? null),
      random: before?.random ?? randomFrom(options.seed),
    }
  }

  return {
    start: (servers) => start(servers),
    begin: ({ upstream, prepared, memory, random }, request) => {
      const search = searchFor(upstream, request)
      affinity.begin(memory, search)
      const work = method.begin(prepared, search)
      const balanced = (): Peer | null => method.next(upstream, search, prepared, work, random)
      let peer = affinity.next(upstream, search, balanced)
      while (peer !== null && !peer.isAlive) {
        fail(peer, search)
        peer = search.triesLeft > 0 ? affinity.next(upstream, search, balanced) : null
      }
      return {
        server: peer?.server.name ?? null,
        failed: search.failed,
        setCookies: peer === null ? noCookies : affinity.setCookies(peer, search),
        request,
        peer,
        isSingle: search.group.isSingle,
      }
    },
    end: ({ memory }, { request, peer, isSingle }, response) => {
      if (peer === null) return noCookies
      release(peer, isSingle)
      affinity.end(memory, request, peer, response)
      return response.setCookies
    },
    after: (block, event) => afterEvent(block, event, start),
  }
}

const afterEvent = <State extends { readonly upstream: Upstream }>(
  state: State,
  event: Event,
  start: (servers: readonly SimulatedServer[], before: State) => State,
): State => {
  if (event.kind === 'reload') return start(event.servers, state)
  // nginx has no health checks: only a failed request tells it.
  if (event.kind !== 'noticed') setAlive(state.upstream, event.server, event.kind === 'returns')
  return state
}

/** A balancing method alone. */
export const nginxMethod = <Prepared, Work>(
  method: Method<Prepared, Work>,
  options: NginxOptions = nginxDefaults,
): Model<Block<Prepared, null>, NginxAnswer> => nginxBlock(method, none, options)
