import type { Cluster, Upstream } from '../../../model/cluster.ts'
import { scriptOfFolder } from '../../fastcgi.ts'

/** A `fcgi-app` section: how requests of one backend become those of scripts. */
export interface FastcgiView {
  readonly name: string
  readonly root: string
  readonly index: string
  /** Whether HTTPS is what a trusted proxy says, and not a property of the connection. */
  readonly believesScheme: boolean
  readonly keepsConnections: boolean
}

const isBelieved = ({ frontends }: Cluster, upstream: Upstream): boolean =>
  frontends.some(
    ({ clientAddress, locations }) =>
      clientAddress !== null &&
      locations.some(({ action }) => action.kind === 'proxy' && action.upstream === upstream),
  )

export const fastcgiViews = (cluster: Cluster): readonly FastcgiView[] =>
  cluster.upstreams
    .filter(({ protocol }) => protocol === 'fastcgi')
    .map((upstream) => ({
      name: upstream.name,
      root: upstream.documentRoot ?? '/',
      index: scriptOfFolder,
      believesScheme: isBelieved(cluster, upstream),
      keepsConnections: (upstream.keepalive ?? 0) > 0,
    }))
