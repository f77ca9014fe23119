import { atValue } from '../../../diagnostics/diagnostic.ts'
import { notFollowed } from '../../../fields.ts'
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

const ipHash = ({ affinity }: Upstream, { findings }: Context): BalanceView => {
  report(
    findings,
    'haproxy-ip-hash',
    atValue([...affinity.path, 'method']),
    'ip_hash is written as "balance source": over the whole address, not its first three octets',
    null,
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
  report(
    context.findings,
    'haproxy-hash',
    atValue(path),
    `HAProxy hashes "${key}" in its own way: keys land on other servers than under nginx`,
    null,
  )
  return { ...written, isConsistent }
}

/** The manual names a limit of 4,095 for `roundrobin`; 6,000 equal servers get equal shares on 2.2 and 3.2. */
const plainMethods = {
  round_robin: 'roundrobin',
  least_conn: 'leastconn',
  random: 'random',
} as const

/** A hash says where every request goes, so that nothing is left to balance. */
const noteBalance = ({ affinity, balance, path }: Upstream, { findings }: Context): void => {
  if (balance.kind === 'round_robin') return
  findings.add(
    notFollowed(
      [...path, 'balance'],
      'HAProxy',
      `the affinity ${affinity.method} is the balancing method itself`,
      'leave balance out, or choose the affinity jvm_route or sticky, which work over any method',
    ),
  )
}

/** The balancing method, with that of a hashing affinity in its place. */
export const balanceOf = (upstream: Upstream, context: Context): BalanceView => {
  const { affinity, balance, path } = upstream
  if (affinity.method === 'ip_hash' || affinity.method === 'hash') noteBalance(upstream, context)
  if (affinity.method === 'ip_hash') return ipHash(upstream, context)
  if (affinity.method === 'hash')
    return hash(affinity.key, affinity.consistent, [...affinity.path, 'key'], context)
  if (balance.kind === 'hash')
    return hash(balance.key, balance.consistent, [...path, 'balance', 'hash'], context)
  return plain([plainMethods[balance.kind]])
}
