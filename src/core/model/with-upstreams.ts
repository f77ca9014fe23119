import type { Cluster, Upstream } from './cluster.ts'

/** The same cluster with other upstreams, wherever they stand; dialects know them by identity. */
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
        return action.kind === 'files'
          ? location
          : { ...location, action: { ...action, upstream: now(action.upstream) } }
      }),
    })),
  }
}
