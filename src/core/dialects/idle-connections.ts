import type { Cluster, Upstream } from '../model/cluster.ts'
import { featuresOf } from './nginx/features.ts'
import { keepsConnections } from './nginx/upstream-block.ts'

/**
 * The balancers that keep idle connections to the servers of an upstream for `balancerIdleSeconds`.
 * HAProxy does not: it closes half of its idle connections every 5 s (pool-purge-delay).
 */
export const keepersOf = ({ targets }: Cluster, upstream: Upstream): readonly string[] =>
  targets.flatMap((target) => {
    if (target.dialect === 'haproxy') return []
    if (target.dialect === 'httpd') return upstream.keepalive === 0 ? [] : ['httpd']
    const features = featuresOf(target)
    return keepsConnections(upstream, features) ? [features.label] : []
  })
