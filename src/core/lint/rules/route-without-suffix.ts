import { atKey } from '../../diagnostics/diagnostic.ts'
import type { Cluster, Upstream } from '../../model/cluster.ts'
import { runnerOf } from '../../model/session-cookie.ts'
import type { ListingRule } from '../rule.ts'
import { stickyCookieRemedy } from '../sticky-cookie.ts'
import { report } from '../store-codes.ts'

/** HAProxy puts the route in front of the id itself. */
const getsRoute = ({ affinity }: Upstream, { targets }: Cluster): boolean =>
  affinity.method === 'jvm_route' &&
  affinity.mode === 'prefix' &&
  targets.every(({ dialect }) => dialect === 'haproxy')

export const routeWithoutSuffix: ListingRule = (cluster) =>
  cluster.upstreams.flatMap((upstream) => {
    const { affinity, app } = upstream
    const runner = runnerOf(app)
    if (affinity.method !== 'jvm_route' || runner === null || app.runtime === 'tomcat') return []
    if (getsRoute(upstream, cluster)) return []
    const message = `session ids of ${runner.title} do not name their server`
    const help = stickyCookieRemedy(cluster)
    return [report('route-without-suffix', atKey(affinity.path), message, help)]
  })
