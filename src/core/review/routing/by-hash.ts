import type { Upstream } from '../../model/cluster.ts'
import type { Target } from '../../model/target.ts'
import type { UpstreamPair } from '../match.ts'
import { titleOf } from '../programs.ts'
import type { Pair } from '../side.ts'
import type { Expected, Found } from './expected.ts'
import { flowsAtLeast, flowsAtRandom, isFewest, movedIn } from './flow.ts'
import { decisive, hasOtherAddresses, type Question } from './question.ts'

/** What a hash does with a changed list of servers. */
const hashReason = (uses: string, { flows }: Found, pair: UpstreamPair): string => {
  if (uses.includes('consistent')) return `${uses}, with which only clients of changed servers move`
  return isFewest(movedIn(flows), pair)
    ? `${uses}, and only the clients of the changed servers move this time`
    : `${uses}: the server follows from the hash and the list of servers with their weights, which changes`
}

/** Releases can compute the same hash in another way. */
const isSameRelease = ({ before, after }: Pair<Target>): boolean =>
  before.version.text === after.version.text

export const isConsistent = (
  { affinity, balance }: Upstream,
  { dialect }: Pick<Target, 'dialect'>,
): boolean => {
  if (affinity.method === 'hash') return affinity.consistent
  if (affinity.method === 'ip_hash') return dialect === 'haproxy'
  return balance.kind === 'hash' && balance.consistent
}

/** A hash of the same kind, whose method, key or servers may have changed; null: they have not. */
export const sameHash = ({ pair, clusters, targets }: Question): Expected | null => {
  const computed = { isComputed: true, isUnbound: false }
  if (hasOtherAddresses(pair, clusters))
    return {
      cause: 'client-address-changed',
      reason: ({ title }) =>
        `${title} is computed from the client address, and ${titleOf(targets.after.dialect)} takes another address for it`,
      flows: flowsAtRandom(pair),
      shape: 'cdn',
      ...computed,
    }
  if (decisive(pair.before) === decisive(pair.after) && isSameRelease(targets)) return null
  return {
    cause: 'hash-changed',
    reason: (found: Found) =>
      hashReason(`${titleOf(targets.after.dialect)} uses ${found.title}`, found, pair),
    // A consistent hash moves as few clients as possible.
    flows: isConsistent(pair.after, targets.after) ? flowsAtLeast(pair) : flowsAtRandom(pair),
    shape: 'internet',
    ...computed,
  }
}

/** Clients are distributed in another way than before. */
export const newHash = ({ pair }: Question): Expected => ({
  cause: 'method-changed',
  reason: () =>
    pair.before.affinity.method === 'none'
      ? 'requests were not bound to servers before: the server that a hash gives a client now has its session only by chance'
      : 'clients are distributed by a hash that did not decide before',
  flows: flowsAtRandom(pair),
  shape: 'internet',
  isComputed: true,
  isUnbound: false,
})
