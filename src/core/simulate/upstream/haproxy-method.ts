import type { BalanceView } from '../../dialects/haproxy/backends/balance.ts'
import type { Upstream } from '../../model/cluster.ts'
import type { Version } from '../../model/version.ts'
import type { Affinity } from '../haproxy/affinity.ts'
import { consistent, type RingIds, randomPoints } from '../haproxy/consistent.ts'
import { defaultHashTypes, type HashKeyOf, hashed, source } from '../haproxy/hash-key.ts'
import { leastConnections } from '../haproxy/least-connections.ts'
import { mapBased } from '../haproxy/map.ts'
import type { Method } from '../haproxy/method.ts'
import { type HaproxyOptions, haproxyBackend } from '../haproxy/model.ts'
import { roundRobin } from '../haproxy/round-robin.ts'
import { type Run, run } from '../run.ts'
import type { SimulatedServer } from '../server.ts'
import { applicationOf } from './application.ts'
import { hashKeyOf } from './variables.ts'

/** A balancing method of HAProxy, whatever it remembers. */
export interface HaproxyMethod {
  /** As written. */
  readonly title: string
  readonly backend: <Memory>(
    affinity: Affinity<Memory>,
    options: HaproxyOptions,
    servers: readonly SimulatedServer[],
  ) => Run
}

const named = <Balance>(title: string, method: Method<Balance>): HaproxyMethod => ({
  title,
  backend: (affinity, options, servers) => run(haproxyBackend(method, affinity, options), servers),
})

/** HAProxy 3.0 alone mixes the ids of servers before it places their points. */
const ringIdsOf = ({ parts: [major, minor] }: Version): RingIds =>
  major === 3 && minor === 0 ? 'mixed' : 'spaced'

const keyIn = ({ affinity, balance }: Upstream): string => {
  if (affinity.method === 'hash') return affinity.key
  return balance.kind === 'hash' ? balance.key : ''
}

const hashOf = (upstream: Upstream, words: readonly string[], isConsistent: boolean): HashKeyOf => {
  const type = isConsistent ? defaultHashTypes.consistent : defaultHashTypes.mapBased
  return words[0] === 'source'
    ? source(type)
    : hashed(hashKeyOf(keyIn(upstream), applicationOf(upstream).cookie), type)
}

const plain: Readonly<Record<string, HaproxyMethod>> = {
  roundrobin: named('balance roundrobin', roundRobin),
  leastconn: named('balance leastconn', leastConnections),
}

/** The method that a backend has. */
export const haproxyMethodOf = (
  upstream: Upstream,
  { balance, isConsistent }: BalanceView,
  version: Version,
): HaproxyMethod => {
  const known = plain[balance[0] ?? '']
  const ids = ringIdsOf(version)
  const title = `balance ${balance.join(' ')}`
  if (known !== undefined) return known
  if (balance[0] === 'random') return named(title, randomPoints(2, ids))
  const hash = hashOf(upstream, balance, isConsistent)
  return isConsistent
    ? named(`${title}, hash-type consistent`, consistent(hash, 0, ids))
    : named(title, mapBased(hash))
}
