import { atKey } from '../../diagnostics/diagnostic.ts'
import type { Upstream } from '../../model/cluster.ts'
import { machineOf } from '../../model/network.ts'
import { locationsByUpstream } from '../browser-cookies.ts'
import { report } from '../codes.ts'
import type { Rule } from '../rule.ts'
import { hashKeyOf } from '../sessions.ts'

const isByAddress = (upstream: Upstream): boolean =>
  upstream.affinity.method === 'ip_hash' ||
  /\$\{?(?:binary_)?remote_addr/.test(hashKeyOf(upstream) ?? '')

/** The address that is hashed may be that of a proxy or router shared by many clients. */
export const ipHashSharedAddress: Rule = (cluster, findings) => {
  const locations = locationsByUpstream(cluster)
  for (const upstream of cluster.upstreams) {
    if (!isByAddress(upstream) || upstream.servers.length < 2) continue
    const frontend = (locations.get(upstream) ?? [])
      .map((location) => location.frontend)
      .find(({ clientAddress, proxyProtocol }) => clientAddress === null && proxyProtocol === null)
    if (frontend === undefined) continue
    const isBehindProxy = frontend.listeners.every(
      ({ address }) => machineOf(address) === 'localhost',
    )
    const message = isBehindProxy
      ? `frontend "${frontend.name}" listens on loopback: every request comes from the address of the proxy in front`
      : 'clients behind one router, CDN or load balancer share an address: all of them are sent to one server'
    const help =
      'write clientAddress: { trust: [...], header: X-Forwarded-For }, or affinity: { method: sticky, by: cookie, cookie: srv_id }'
    report(findings, 'ip-hash-shared-address', atKey(upstream.affinity.path), message, help)
  }
}

/** nginx's ip_hash hashes three octets of an IPv4 address; `balance source` of HAProxy hashes the whole address. */
export const ipHashThreeOctets: Rule = ({ targets, upstreams }, findings) => {
  if (!targets.some(({ dialect }) => dialect === 'nginx')) return
  for (const { affinity, servers } of upstreams) {
    if (affinity.method !== 'ip_hash' || servers.length < 2) continue
    report(
      findings,
      'ip-hash-three-octets',
      atKey(affinity.path),
      'nginx hashes the first three octets of an IPv4 address: all clients of a /24 network are sent to one server',
      'write affinity: { method: hash, key: $remote_addr, consistent: true }',
    )
  }
}
