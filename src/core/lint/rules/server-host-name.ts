import { atKey } from '../../diagnostics/diagnostic.ts'
import type { Cluster, Server, Upstream } from '../../model/cluster.ts'
import { isHostName } from '../../model/ip.ts'
import { report } from '../codes.ts'
import type { ListingRule } from '../rule.ts'

type Dialect = Cluster['targets'][number]['dialect']

/** What happens to a server whose name has several addresses. */
const sentences: Readonly<Record<Dialect, string>> = {
  nginx: 'nginx makes a server of each, all with one route',
  haproxy: 'HAProxy uses the first address of the name only',
  httpd: 'httpd connects to whichever address of the name answers',
}

const hostOf = ({ address }: Server): string | null =>
  address.kind === 'inet' && address.host !== null && isHostName(address.host) ? address.host : null

const named = ({ servers }: Upstream): Server | undefined =>
  servers.find((server) => hostOf(server) !== null)

/** Where a session belongs to one server, a name that stands for several of them breaks it. */
export const serverHostName: ListingRule = ({ targets, upstreams }) =>
  upstreams.flatMap((upstream) => {
    const server = named(upstream)
    if (server === undefined || upstream.affinity.method === 'none') return []
    const said = targets.map(({ dialect }) => sentences[dialect])
    if (said.length === 0) return []
    return [
      report(
        'server-host-name',
        atKey(server.path),
        `the host name "${hostOf(server)}" is taken for one server: if it has several addresses, ${said.join(', ')}`,
        'write one server for each address, with the address itself: "10.0.0.1:8080"',
      ),
    ]
  })
