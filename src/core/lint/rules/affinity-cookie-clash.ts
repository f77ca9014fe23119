import { atValue } from '../../diagnostics/diagnostic.ts'
import { report } from '../codes.ts'
import type { Rule } from '../rule.ts'
import { sessionCookieOf, tomcatUpstreams } from '../tomcat-sessions.ts'

export const affinityCookieClash: Rule = (cluster) =>
  tomcatUpstreams(cluster).flatMap(({ affinity, app }) => {
    if (affinity.method !== 'sticky' || affinity.by !== 'cookie' || affinity.mode === 'prefix')
      return []
    if (affinity.cookie !== sessionCookieOf(app)) return []
    return [
      report(
        'affinity-cookie-clash',
        atValue([...affinity.path, 'cookie']),
        `${affinity.cookie} is the session cookie of Tomcat: the proxy would overwrite it`,
        'name the affinity cookie otherwise, such as srv_id',
      ),
    ]
  })
