import { type Method, mostRejections } from './method.ts'
import { nextInTurn } from './round-robin.ts'
import { isUsable, take } from './search.ts'
import { peerOfSession } from './session-peer.ts'
import { peerAt } from './walk.ts'

interface Work {
  /** IPv4: the first three octets; IPv6: all 16 bytes. */
  readonly bytes: Uint8Array
  hash: number
  rejections: number
}

const start = 89
const noAddress = new Uint8Array(3)

/** What nginx hashes of an address. A client on a Unix socket has three zeros. */
const hashedBytes = (address: Uint8Array): Uint8Array => {
  if (address.length === 16) return address
  return address.length === 4 ? address.subarray(0, 3) : noAddress
}

/** One round over the bytes; a rejected server is followed by another round from its hash. */
const ipHashRound = (hash: number, bytes: Uint8Array): number => {
  let value = hash
  for (const byte of bytes) value = (value * 113 + byte) % 6271
  return value
}

/** `ip_hash` */
export const ipHash: Method<null, Work> = {
  prepare: () => null,
  begin: (_, { request }) => ({
    bytes: hashedBytes(request.address.bytes),
    hash: start,
    rejections: 0,
  }),
  next: (upstream, search, _, work) => {
    const { group } = search
    if (work.rejections > mostRejections || group.peers.length < 2)
      return nextInTurn(upstream, search)
    const pinned = peerOfSession(search)
    if (pinned !== null) return take(pinned, search)
    let { hash } = work
    while (work.rejections <= mostRejections) {
      hash = ipHashRound(hash, work.bytes)
      const peer = peerAt(group, hash)
      if (peer !== null && isUsable(peer, search)) {
        work.hash = hash
        return take(peer, search)
      }
      work.rejections += 1
    }
    return nextInTurn(upstream, search)
  },
}

/** The first hash of an address. */
export const ipHashOf = (address: Uint8Array): number => ipHashRound(start, hashedBytes(address))
