import { atValue } from '../../diagnostics/diagnostic.ts'
import type { Cluster, Upstream } from '../../model/cluster.ts'
import { mayBeHttps } from '../../model/may-be-https.ts'
import { report } from '../codes.ts'
import type { Rule } from '../rule.ts'

/** The upstreams that requests reach, and whether some of these requests may be HTTPS. */
const httpsTo = ({ frontends }: Cluster): ReadonlyMap<Upstream, boolean> => {
  const known = new Map<Upstream, boolean>()
  for (const frontend of frontends) {
    const isHttps = mayBeHttps(frontend)
    for (const { action } of frontend.locations)
      if (action.kind === 'proxy')
        known.set(action.upstream, isHttps || known.get(action.upstream) === true)
  }
  return known
}

/** Browsers refuse SameSite=None without Secure, and keep no Secure cookie of a plain HTTP page. */
export const affinityCookieDropped: Rule = (cluster) => {
  const https = httpsTo(cluster)
  return cluster.upstreams.flatMap((upstream) => {
    const { affinity } = upstream
    if (affinity.method !== 'sticky' || affinity.by !== 'cookie') return []
    if (affinity.sameSite === 'none' && !affinity.secure) {
      return [
        report(
          'affinity-cookie-dropped',
          atValue([...affinity.path, 'sameSite']),
          `browsers drop the cookie ${affinity.cookie}: SameSite=None needs Secure`,
          https.get(upstream) === false
            ? 'write secure: true as well, and a listener with tls, or clientAddress when HTTPS ends in front'
            : 'write secure: true as well',
        ),
      ]
    }
    if (!affinity.secure || https.get(upstream) !== false) return []
    return [
      report(
        'affinity-cookie-dropped',
        atValue([...affinity.path, 'secure']),
        `browsers drop the cookie ${affinity.cookie}: it is for HTTPS only, and every listener speaks HTTP`,
        'add a listener with tls, or clientAddress when HTTPS ends in front',
      ),
    ]
  })
}
