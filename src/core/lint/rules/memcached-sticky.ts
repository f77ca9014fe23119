import { atKey, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { ListingRule } from '../rule.ts'
import { isSpread } from '../spread.ts'
import { report } from '../store-codes.ts'
import { hashKeyOf, type TomcatUpstream, tomcatUpstreams } from '../tomcat-sessions.ts'

const byRoute = 'write affinity: { method: jvm_route }'

const problemsOf = (upstream: TomcatUpstream): readonly Diagnostic[] => {
  const { affinity, app } = upstream
  const { sessions } = app
  if (sessions.store !== 'memcached' || !sessions.isSticky || upstream.servers.length < 2) return []
  if (isSpread(upstream)) {
    const message =
      'each server answers from its own memory, but each request may go to another server'
    const help = `${byRoute}, or sticky: false`
    return [report('memcached-sticky-without-affinity', atKey(sessions.path), message, help)]
  }
  if (affinity.method === 'ip_hash' || hashKeyOf(upstream) !== null) {
    const message =
      'when a server comes back, its clients do as well, and find the session that it had before'
    return [report('memcached-failback', atKey(affinity.path), message, byRoute)]
  }
  if (affinity.method !== 'sticky' || affinity.by !== 'learn') return []
  const message = 'what was learned may lead back to a server with an older copy of the session'
  return [report('memcached-learn', atKey(affinity.path), message, byRoute)]
}

export const memcachedSticky: ListingRule = (cluster) =>
  tomcatUpstreams(cluster).flatMap(problemsOf)
