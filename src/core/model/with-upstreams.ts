import type { Cluster, Upstream } from './cluster.ts'

/** The cluster with changed upstreams, also in locations: dialects compare upstreams by identity. */
export const withUpstreams = (
  cluster: Cluster,
  change: (upstream: Upstream) => Upstream,
): Cluster => {
  const changed = new Map(cluster.upstreams.map((upstream) => [upstream, change(upstream)]))
  const now = (upstream: Upstream): Upstream => changed.get(upstream) ?? upstream
  return {
    ...cluster,
    upstreams: cluster.upstreams.map(now),
    frontends: cluster.frontends.map((frontend) => ({
      ...frontend,
      locations: frontend.locations.map((location) => {
        const { action } = location
        return 'upstream' in action
          ? { ...location, action: { ...action, upstream: now(action.upstream) } }
          : location
      }),
    })),
  }
}
