import type { TomcatApp } from '../model/app.ts'
import type { Cluster, Upstream } from '../model/cluster.ts'

export interface TomcatUpstream extends Upstream {
  readonly app: TomcatApp
}

const isTomcat = (upstream: Upstream): upstream is TomcatUpstream =>
  upstream.app.runtime === 'tomcat'

/** The upstreams whose servers are Tomcats. */
export const tomcatUpstreams = (cluster: Cluster): readonly TomcatUpstream[] =>
  cluster.upstreams.filter(isTomcat)

/** Those of them that keep each session in the one server where it began, though there are others. */
export const localTomcats = (cluster: Cluster): readonly TomcatUpstream[] =>
  tomcatUpstreams(cluster).filter(
    ({ app, servers }) => app.sessions.store === 'local' && servers.length > 1,
  )

/** What requests are hashed by, whether that was written as affinity or as balance; null: no hash. */
export const hashKeyOf = ({ affinity, balance }: Upstream): string | null => {
  if (affinity.method === 'hash') return affinity.key
  return affinity.method === 'none' && balance.kind === 'hash' ? balance.key : null
}
