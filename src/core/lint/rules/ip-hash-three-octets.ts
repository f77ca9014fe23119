import { atKey } from '../../diagnostics/diagnostic.ts'
import { report } from '../codes.ts'
import type { ListingRule } from '../rule.ts'

/** nginx's ip_hash takes three octets of IPv4; `balance source` of HAProxy takes the whole address. */
export const ipHashThreeOctets: ListingRule = ({ targets, upstreams }) => {
  if (!targets.some(({ dialect }) => dialect === 'nginx')) return []
  return upstreams.flatMap(({ affinity, servers }) =>
    affinity.method !== 'ip_hash' || servers.length < 2
      ? []
      : [
          report(
            'ip-hash-three-octets',
            atKey(affinity.path),
            'nginx hashes the first three octets of an IPv4 address: all clients of one /24 network go to one server',
            'write affinity: { method: hash, key: $remote_addr, consistent: true }',
          ),
        ],
  )
}
