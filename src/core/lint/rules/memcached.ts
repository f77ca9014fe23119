import { atKey, atValue } from '../../diagnostics/diagnostic.ts'
import { appUpstreams } from '../../model/app-upstreams.ts'
import { report } from '../codes.ts'
import type { Rule } from '../rule.ts'
import { hashKeyOf, isSpread } from '../sessions.ts'

/** With sticky: true the session is in the memory of one Tomcat, and memcached has the backup. */
export const memcachedSticky: Rule = (cluster, findings) => {
  const remedy = 'write affinity: { method: jvm_route }'
  for (const upstream of appUpstreams(cluster, 'tomcat')) {
    const { affinity, app, servers } = upstream
    const { sessions } = app
    if (sessions.store !== 'memcached' || !sessions.isSticky || servers.length < 2) continue
    if (isSpread(upstream)) {
      const message =
        'each server answers from its own memory, but each request may be sent to another server'
      const help = `${remedy}, or sticky: false`
      report(findings, 'memcached-sticky-without-affinity', atKey(sessions.path), message, help)
    } else if (affinity.method === 'ip_hash' || hashKeyOf(upstream) !== null) {
      const message =
        'when a failed server is up again, its clients are sent back to it and get the session that it had before'
      report(findings, 'memcached-failback', atKey(affinity.path), message, remedy)
    } else if (affinity.method === 'sticky' && affinity.by === 'learn') {
      const message = 'a learned entry may lead back to a server with an older copy of the session'
      report(findings, 'memcached-learn', atKey(affinity.path), message, remedy)
    }
  }
}

/** With sticky: false any server can answer, and memcached has the session. */
export const memcachedNonsticky: Rule = (cluster, findings) => {
  for (const { affinity, app } of appUpstreams(cluster, 'tomcat')) {
    const { sessions } = app
    if (sessions.store !== 'memcached' || sessions.isSticky) continue
    const { lockingMode, path } = sessions
    if (affinity.method === 'jvm_route') {
      const message = 'with sticky: false session ids contain no route'
      const help =
        'write affinity: { method: none }, or { method: sticky, by: cookie, cookie: srv_id }'
      report(findings, 'memcached-nonsticky-route', atKey(affinity.path), message, help)
    }
    if (lockingMode === null || lockingMode === 'none') {
      const at = atKey([...path, 'lockingMode'])
      const message = 'parallel requests of one client overwrite the changes of each other'
      report(findings, 'memcached-without-locking', at, message, 'write lockingMode: auto')
    }
  }
}

/** memcached-session-manager supports a single Redis only. */
export const memcachedRedis: Rule = (cluster, findings) => {
  for (const { app } of appUpstreams(cluster, 'tomcat')) {
    const { sessions } = app
    if (sessions.store !== 'memcached' || sessions.use?.kind !== 'redis') continue
    const at = atValue([...sessions.path, 'use'])
    const message = `while "${sessions.use.name}" is down there are no sessions: memcached-session-manager follows no failover`
    const help = 'write store: redisson, which follows Sentinel and Redis Cluster'
    report(findings, 'memcached-redis-single', at, message, help)
  }
}
