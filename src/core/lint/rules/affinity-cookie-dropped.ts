import { atValue } from '../../diagnostics/diagnostic.ts'
import type { Cluster, Upstream } from '../../model/cluster.ts'
import { report } from '../codes.ts'
import type { Rule } from '../rule.ts'

const leadsTo =
  (upstream: Upstream) =>
  ({ locations }: Cluster['frontends'][number]): boolean =>
    locations.some(({ action }) => action.kind === 'proxy' && action.upstream === upstream)

/** HTTPS may end here, or at a proxy in front. */
const mayBeHttps = ({ listeners, clientAddress }: Cluster['frontends'][number]): boolean =>
  clientAddress !== null || listeners.some(({ tls }) => tls !== null)

/** Browsers refuse SameSite=None without Secure, and keep no Secure cookie of a plain HTTP page. */
export const affinityCookieDropped: Rule = (cluster) =>
  cluster.upstreams.flatMap((upstream) => {
    const { affinity } = upstream
    if (affinity.method !== 'sticky' || affinity.by !== 'cookie') return []
    if (affinity.sameSite === 'none' && !affinity.secure) {
      return [
        report(
          'affinity-cookie-dropped',
          atValue([...affinity.path, 'sameSite']),
          `browsers drop the cookie ${affinity.cookie}: SameSite=None needs Secure`,
          'write secure: true as well',
        ),
      ]
    }
    const frontends = cluster.frontends.filter(leadsTo(upstream))
    if (!affinity.secure || frontends.length === 0 || frontends.some(mayBeHttps)) return []
    return [
      report(
        'affinity-cookie-dropped',
        atValue([...affinity.path, 'secure']),
        `browsers drop the cookie ${affinity.cookie}: it is for HTTPS only, and every listener speaks HTTP`,
        'add a listener with tls, or clientAddress when HTTPS ends in front',
      ),
    ]
  })
