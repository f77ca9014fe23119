import { atKey } from '../../diagnostics/diagnostic.ts'
import { servletCookie, sessionCookieOf } from '../../model/session-cookie.ts'
import { report } from '../codes.ts'
import type { Rule } from '../rule.ts'
import { isKeptByEach } from '../spread.ts'
import { hashKeyOf } from '../tomcat-sessions.ts'

export const hashBySessionCookie: Rule = (cluster) =>
  cluster.upstreams.filter(isKeptByEach).flatMap((upstream) => {
    const key = hashKeyOf(upstream)?.toLowerCase().replaceAll(/[{}]/g, '')
    const cookie = sessionCookieOf(upstream.app) ?? servletCookie
    const names = ['$http_cookie', `$cookie_${cookie.toLowerCase()}`]
    if (!names.some((name) => key?.includes(name))) return []
    return [
      report(
        'hash-by-session-cookie',
        atKey(upstream.affinity.path),
        `the hash of ${cookie} has nothing to do with the server where the session began`,
        'write affinity: { method: jvm_route }, which reads the server from the session id',
      ),
    ]
  })
