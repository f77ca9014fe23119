import { atValue } from '../../../diagnostics/diagnostic.ts'
import type { Upstream } from '../../../model/cluster.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'
import { stickyCookieView } from './cookie.ts'
import { stickyLearnView } from './learn.ts'
import { jvmRouteView, stickyRouteView } from './use-server.ts'
import { type AffinityView, noAffinity } from './view.ts'

/** The affinity of an upstream; those by hash are its balancing method. */
export const affinityView = (upstream: Upstream, context: Context): AffinityView => {
  const { affinity } = upstream
  if (affinity.method === 'none') return noAffinity
  if (affinity.method === 'jvm_route') return jvmRouteView(affinity, upstream, context)
  if (affinity.method === 'sticky') {
    if (affinity.by === 'cookie') return stickyCookieView(affinity, upstream, context)
    if (affinity.by === 'route') return stickyRouteView(affinity, upstream, context)
    return stickyLearnView(affinity, upstream, context)
  }
  if (affinity.onFailure === 'strict') {
    report(
      context.findings,
      'haproxy-strict-hash',
      atValue([...affinity.path, 'onFailure']),
      `${affinity.method} cannot be strict: HAProxy hashes the clients of a server that is down over the other servers`,
      'use affinity { method: sticky, by: cookie, onFailure: strict }',
    )
  }
  return noAffinity
}
