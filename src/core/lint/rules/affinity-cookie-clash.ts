import { atValue, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { StickyCookieAffinity } from '../../model/affinity.ts'
import type { Cluster, Upstream } from '../../model/cluster.ts'
import { knownSessionCookie, runnerOf, sessionCookiesOf } from '../../model/session-cookie.ts'
import { report } from '../codes.ts'
import { isOneCookie } from '../one-cookie.ts'
import type { ListingRule } from '../rule.ts'

const remedy = 'give the affinity cookie another name, such as srv_id'

/** The cookie that the proxy sets itself; with mode: prefix it is meant to be the application's. */
const setByProxy = ({ affinity }: Upstream): StickyCookieAffinity | null =>
  affinity.method === 'sticky' && affinity.by === 'cookie' && affinity.mode !== 'prefix'
    ? affinity
    : null

const problemsOf = (upstream: Upstream, cluster: Cluster): readonly Diagnostic[] => {
  const affinity = setByProxy(upstream)
  if (affinity === null) return []
  const { cookie, path } = affinity
  const at = atValue([...path, 'cookie'])
  const { app } = upstream
  const same = sessionCookiesOf(app).find((name) => isOneCookie(name, cookie, cluster))
  if (same !== undefined) {
    const title = runnerOf(app)?.title ?? 'the application'
    const message =
      same === cookie
        ? `${cookie} is the session cookie of ${title}: the proxy would overwrite it`
        : `nginx takes ${cookie} and ${same}, the session cookie of ${title}, for one cookie`
    return [report('affinity-cookie-clash', at, message, remedy)]
  }
  const known = knownSessionCookie(cookie)
  if (known === null) return []
  const message = `${cookie} is the session cookie of ${known.title}: if the application sends it too, every session is lost`
  return [report('affinity-cookie-known', at, message, remedy)]
}

export const affinityCookieClash: ListingRule = (cluster) =>
  cluster.upstreams.flatMap((upstream) => problemsOf(upstream, cluster))
