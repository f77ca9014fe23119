import { atValue } from '../../../diagnostics/diagnostic.ts'
import type { Upstream } from '../../../model/cluster.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'
import type { Rule } from '../rules.ts'
import { hashKey } from './hash-key.ts'

export interface BalanceView {
  /** Words after `balance`. */
  readonly balance: readonly string[]
  /** `hash-type consistent`: only the clients of a server that goes away move. */
  readonly isConsistent: boolean
  /** What a hash must have computed before. */
  readonly rules: readonly Rule[]
}

const plain = (words: readonly string[]): BalanceView => ({
  balance: words,
  isConsistent: false,
  rules: [],
})

/** `roundrobin` takes so many active servers (configuration manual, `balance`). */
const mostRoundRobin = 4095

const ipHash = ({ affinity }: Upstream, { findings }: Context): BalanceView => {
  findings.push(
    report(
      'haproxy-ip-hash',
      atValue([...affinity.path, 'method']),
      'ip_hash is written as "balance source": over the whole address, not its first three octets',
      null,
    ),
  )
  return { ...plain(['source']), isConsistent: true }
}

const hash = (
  key: string,
  isConsistent: boolean,
  path: readonly (string | number)[],
  context: Context,
): BalanceView => {
  const written = hashKey(key, path, context)
  if (written === null) return plain(['roundrobin'])
  context.findings.push(
    report(
      'haproxy-hash',
      atValue(path),
      `HAProxy hashes "${key}" in its own way: keys land on other servers than under nginx`,
      null,
    ),
  )
  return { ...written, isConsistent }
}

const roundRobin = (upstream: Upstream, { findings }: Context): BalanceView => {
  if (upstream.servers.length <= mostRoundRobin) return plain(['roundrobin'])
  findings.push(
    report(
      'haproxy-static-rr',
      atValue([...upstream.path, 'balance']),
      `${upstream.servers.length} servers are balanced by "static-rr"`,
      null,
    ),
  )
  return plain(['static-rr'])
}

/** The balancing method, with that of a hashing affinity in its place. */
export const balanceOf = (upstream: Upstream, context: Context): BalanceView => {
  const { affinity, balance, path } = upstream
  if (affinity.method === 'ip_hash') return ipHash(upstream, context)
  if (affinity.method === 'hash')
    return hash(affinity.key, affinity.consistent, [...affinity.path, 'key'], context)
  if (balance.kind === 'hash')
    return hash(balance.key, balance.consistent, [...path, 'balance', 'hash'], context)
  if (balance.kind === 'round_robin') return roundRobin(upstream, context)
  return plain([balance.kind === 'least_conn' ? 'leastconn' : 'random'])
}
