import { atKey } from '../../diagnostics/diagnostic.ts'
import { report } from '../codes.ts'
import type { Rule } from '../rule.ts'
import { hashKeyOf, localTomcats, sessionCookieOf } from '../tomcat-sessions.ts'

export const hashBySessionCookie: Rule = (cluster) =>
  localTomcats(cluster).flatMap((upstream) => {
    const key = hashKeyOf(upstream)?.toLowerCase().replaceAll(/[{}]/g, '')
    const cookie = sessionCookieOf(upstream.app)
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
