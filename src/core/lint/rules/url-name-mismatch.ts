import { atValue } from '../../diagnostics/diagnostic.ts'
import { hasSessions } from '../../model/app.ts'
import { report } from '../codes.ts'
import type { ListingRule } from '../rule.ts'

/** Tomcat's parameter: the configured cookie name as it stands, `jsessionid` without one (catalina/util/SessionConfig). */
const tomcatParameter = (cookieName: string | null): string => cookieName ?? 'jsessionid'

export const urlNameMismatch: ListingRule = (cluster) =>
  cluster.upstreams.flatMap(({ affinity, app }) => {
    if (affinity.method !== 'jvm_route' || app.runtime !== 'tomcat') return []
    if (!hasSessions(app)) return []
    const expected = tomcatParameter(app.sentCookie ?? app.cookie.name)
    if (affinity.url.toLowerCase() === expected.toLowerCase()) return []
    return [
      report(
        'url-name-mismatch',
        atValue([...affinity.path, 'url']),
        `Tomcat writes ";${expected}=…" into URLs, the balancer looks for ";${affinity.url}=…"`,
        `write url: ${expected}; cookies stick either way`,
      ),
    ]
  })
