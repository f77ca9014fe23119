import type { Upstream } from '../../model/cluster.ts'
import { checkView } from './check.ts'
import type { Features } from './features.ts'
import { keepaliveOf, keepaliveTimeoutOf } from './keepalive.ts'
import type { UpstreamView } from './views.ts'

/** An upstream block without servers and affinity: the method, the zone, keepalive and checks. */
export const blockOf = (
  upstream: Upstream,
  features: Features,
  zone: string | null,
): UpstreamView => {
  const { name, balance } = upstream
  return {
    name,
    pinnedTo: null,
    zone: zone === null ? null : { name, size: zone },
    isIpHash: false,
    isLeastConn: balance.kind === 'least_conn',
    isRandom: balance.kind === 'random',
    hash: balance.kind === 'hash' ? { key: balance.key, consistent: balance.consistent } : null,
    stickyNg: null,
    servers: [],
    routes: [],
    jvmRoute: null,
    stickyCookie: null,
    stickyRoute: null,
    stickyLearn: null,
    isStickyStrict: false,
    sessionSticky: null,
    check: checkView(upstream, features),
    keepalive: keepaliveOf(upstream, features),
    keepaliveTimeout: keepaliveTimeoutOf(upstream, features),
  }
}
