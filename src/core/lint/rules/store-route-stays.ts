import { atKey } from '../../diagnostics/diagnostic.ts'
import type { ListingRule } from '../rule.ts'
import { stickyCookieRemedy } from '../sticky-cookie.ts'
import { report } from '../store-codes.ts'
import { tomcatUpstreams } from '../tomcat-sessions.ts'

const managers: Readonly<Record<string, string>> = {
  redisson: 'Redisson',
  'tomcat-redis': 'tomcat-redis-session-manager',
}

export const storeRouteStays: ListingRule = (cluster) =>
  tomcatUpstreams(cluster).flatMap(({ affinity, app }) => {
    const manager = managers[app.sessions.store]
    if (affinity.method !== 'jvm_route' || manager === undefined) return []
    const message = `${manager} never changes the route of a session: after a failover every request is balanced like that of a new client`
    const help = stickyCookieRemedy(cluster)
    return [report('store-route-stays', atKey(affinity.path), message, help)]
  })
