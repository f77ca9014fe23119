import { atValue } from '../../../diagnostics/diagnostic.ts'
import type { StickyLearnAffinity } from '../../../model/affinity.ts'
import type { Upstream } from '../../../model/cluster.ts'
import { sessionsIn } from '../../../model/size.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'
import { timer } from '../durations.ts'
import { peersName } from '../names.ts'
import { hasPools } from '../resolvers.ts'
import { requestSample, requestVariables, responseSample } from '../variables.ts'
import { type AffinityView, noAffinity } from './view.ts'

const samplesOf = (
  affinity: StickyLearnAffinity,
  key: 'create' | 'lookup',
  context: Context,
): readonly string[] =>
  affinity[key].flatMap((variable, index) => {
    const name = variable.slice(1)
    const sample = key === 'create' ? responseSample(name) : requestSample(name, context.features)
    if (sample !== null) return [sample]
    report(
      context.findings,
      'haproxy-learn-variable',
      // The list is perhaps written as one text: the nearest place that exists counts.
      atValue([...affinity.path, key, index]),
      `HAProxy cannot read a session id from ${variable}`,
      key === 'create'
        ? 'use $upstream_cookie_NAME or $upstream_http_NAME'
        : `use one of ${requestVariables}`,
    )
    return []
  })

export const stickyLearnView = (
  affinity: StickyLearnAffinity,
  upstream: Upstream,
  context: Context,
): AffinityView => {
  const hasPeers = context.target.peers.length > 0
  if (!hasPeers) {
    report(
      context.findings,
      'haproxy-learn',
      atValue([...affinity.path, 'by']),
      'a reload of HAProxy loses the learned sessions',
      'write targets.haproxy.peers: { lb1: "127.0.0.1:10000" }, which keeps them over a reload, or affinity: { method: sticky, by: cookie, cookie: srv_id }',
    )
  }
  return {
    ...noAffinity,
    stick: {
      size: sessionsIn(affinity.zone),
      expire: timer(affinity.timeoutMs, [...affinity.path, 'timeout'], context),
      peers: hasPeers ? peersName : null,
      serverKey: hasPools(upstream) && context.features.learnsAddresses ? 'addr' : null,
      lookups: samplesOf(affinity, 'lookup', context),
      creates: samplesOf(affinity, 'create', context),
    },
  }
}
