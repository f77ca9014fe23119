import { continued, continuedByNumber, crc32, finished } from '../hashes/crc32.ts'
import { firstFrom, type Ring, ringOf } from '../hashes/ring.ts'
import type { HashKey } from '../request.ts'
import { settle } from './calm.ts'
import { type Method, mostRejections } from './method.ts'
import type { Peer, Upstream } from './peers.ts'
import { nextInTurn } from './round-robin.ts'
import { isUsable, type Search, take } from './search.ts'
import { peerOfSession } from './session-peer.ts'

const pointsOfWeight = 160

interface Prepared {
  readonly ring: Ring
  /** By the owner of a point: the servers that are written in the same way. */
  readonly owners: readonly (readonly Peer[])[]
}

interface Work {
  readonly key: string | Uint8Array
  /** The index of the point, not yet reduced by the number of points. */
  point: number
  rejections: number
}

/** nginx hashes the host, a zero byte and the port, each as written. */
const hostAndPort = (address: string): readonly [host: string, port: string] => {
  if (/^unix:/i.test(address)) return [address.slice('unix:'.length), '']
  const [, host = address, port = ''] = /^(.*):(\d*)$/.exec(address) ?? []
  return [host, port]
}

/** The points of a server: each continues the hash of the address by the point before. */
export const pointsOf = (address: string, weight: number): readonly number[] => {
  const [host, port] = hostAndPort(address)
  const base = continued(continued(continued(-1, host), '\0'), port)
  const points: number[] = []
  let previous = 0
  for (let left = weight * pointsOfWeight; left > 0; left--) {
    previous = finished(continuedByNumber(base, previous))
    points.push(previous)
  }
  return points
}

const withoutDuplicates = ({ hashes, owners }: Ring): Ring => {
  const isFirst = (hash: number, index: number): boolean =>
    index === 0 || hash !== hashes[index - 1]
  const kept = hashes.filter(isFirst)
  return kept.length === hashes.length
    ? { hashes, owners }
    : { hashes: kept, owners: owners.filter((_, index) => isFirst(hashes[index] ?? 0, index)) }
}

const prepare = ({ primary: { peers } }: Upstream): Prepared => {
  const byAddress = new Map<string, Peer[]>()
  for (const peer of peers) {
    const same = byAddress.get(peer.server.address)
    if (same === undefined) byAddress.set(peer.server.address, [peer])
    else same.push(peer)
  }
  const owners = [...byAddress.values()]
  const weight = peers.reduce((sum, { server }) => sum + server.weight, 0)
  const ring = ringOf(weight * pointsOfWeight, (add) => {
    for (const [owner, same] of owners.entries())
      for (const { server } of same)
        for (const hash of pointsOf(server.address, server.weight)) add(hash, owner)
  })
  return { ring: withoutDuplicates(ring), owners }
}

/** Round robin over servers that are written in the same way. */
const bestOf = (peers: readonly Peer[], search: Search): Peer | null => {
  const [only] = peers
  if (peers.length === 1 && only !== undefined) {
    if (!isUsable(only, search)) return null
    if (only.effectiveWeight < only.server.weight) only.effectiveWeight += 1
    return only
  }
  settle(search.group)
  let best: Peer | null = null
  let total = 0
  for (const peer of peers) {
    if (!isUsable(peer, search)) continue
    peer.currentWeight += peer.effectiveWeight
    total += peer.effectiveWeight
    if (peer.effectiveWeight < peer.server.weight) peer.effectiveWeight += 1
    if (best === null || peer.currentWeight > best.currentWeight) best = peer
  }
  if (best !== null) best.currentWeight -= total
  return best
}

/** `hash KEY consistent`: the ring of Cache::Memcached::Fast. */
export const consistentHash = (keyOf: HashKey): Method<Prepared, Work> => ({
  prepare,
  begin: ({ ring }, { request }) => {
    const key = keyOf(request) ?? ''
    return { key, point: firstFrom(ring, crc32(key)), rejections: 0 }
  },
  next: (upstream, search, { ring, owners }, work) => {
    if (work.rejections > mostRejections || search.group.isSingle || work.key.length === 0)
      return nextInTurn(upstream, search)
    if (ring.hashes.length === 0) return null
    const pinned = peerOfSession(search)
    if (pinned !== null) return take(pinned, search)
    while (work.rejections <= mostRejections) {
      const owner = ring.owners[work.point % ring.hashes.length] ?? 0
      const best = bestOf(owners[owner] ?? [], search)
      if (best !== null) return take(best, search)
      work.point += 1
      work.rejections += 1
    }
    return nextInTurn(upstream, search)
  },
})
