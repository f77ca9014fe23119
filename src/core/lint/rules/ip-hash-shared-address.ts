import { atKey } from '../../diagnostics/diagnostic.ts'
import type { Cluster, Upstream } from '../../model/cluster.ts'
import type { ListingRule } from '../rule.ts'
import { machineOf } from '../spread.ts'
import { report } from '../store-codes.ts'
import { hashKeyOf } from '../tomcat-sessions.ts'

const isByAddress = (upstream: Upstream): boolean =>
  upstream.affinity.method === 'ip_hash' ||
  /\$\{?(?:binary_)?remote_addr/.test(hashKeyOf(upstream) ?? '')

const leadingTo = ({ frontends }: Cluster, upstream: Upstream) =>
  frontends.filter(({ locations }) =>
    locations.some(({ action }) => action.kind === 'proxy' && action.upstream === upstream),
  )

export const ipHashSharedAddress: ListingRule = (cluster) =>
  cluster.upstreams.flatMap((upstream) => {
    if (!isByAddress(upstream) || upstream.servers.length < 2) return []
    const blind = leadingTo(cluster, upstream).find(({ clientAddress }) => clientAddress === null)
    if (blind === undefined) return []
    const isBehind = blind.listeners.every(({ address }) => machineOf(address) === 'localhost')
    const message = isBehind
      ? `frontend "${blind.name}" listens on loopback: every request has the address of what stands in front`
      : 'clients behind one router, CDN or balancer have one address, and all go to one server'
    const help =
      'write clientAddress: { trust: [...], header: X-Forwarded-For }, or affinity: { method: sticky, by: cookie, cookie: srv_id }'
    return [report('ip-hash-shared-address', atKey(upstream.affinity.path), message, help)]
  })
