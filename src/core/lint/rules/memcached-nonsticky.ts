import { atKey } from '../../diagnostics/diagnostic.ts'
import type { ListingRule } from '../rule.ts'
import { report } from '../store-codes.ts'
import { tomcatUpstreams } from '../tomcat-sessions.ts'

export const memcachedNonsticky: ListingRule = (cluster) =>
  tomcatUpstreams(cluster).flatMap(({ affinity, app }) => {
    const { sessions } = app
    if (sessions.store !== 'memcached' || sessions.isSticky) return []
    const { lockingMode, path } = sessions
    const routed =
      affinity.method === 'jvm_route'
        ? [
            report(
              'memcached-nonsticky-route',
              atKey(affinity.path),
              'with sticky: false session ids name no server',
              'write affinity: { method: none }, or { method: sticky, by: cookie, cookie: srv_id }',
            ),
          ]
        : []
    const unlocked =
      lockingMode === null || lockingMode === 'none'
        ? [
            report(
              'memcached-without-locking',
              atKey([...path, 'lockingMode']),
              'parallel requests of one browser overwrite what the other one changed',
              'write lockingMode: auto',
            ),
          ]
        : []
    return [...routed, ...unlocked]
  })
