import { atValue } from '../../diagnostics/diagnostic.ts'
import type { Frontend } from '../../model/cluster.ts'
import { mayBeHttps } from '../../model/may-be-https.ts'
import { waysTo } from '../browser-cookies.ts'
import { report } from '../codes.ts'
import type { ListingRule } from '../rule.ts'

/** Whether some requests surely come over HTTP. */
const mayBeHttp = ({ clientAddress, listeners }: Frontend): boolean =>
  clientAddress === null && listeners.some(({ tls }) => tls === null)

/** Browsers refuse SameSite=None without Secure, and keep and send Secure cookies over HTTPS only. */
export const affinityCookieDropped: ListingRule = (cluster) => {
  const ways = waysTo(cluster)
  return cluster.upstreams.flatMap((upstream) => {
    const { affinity } = upstream
    if (affinity.method !== 'sticky' || affinity.by !== 'cookie') return []
    const { cookie, path, sameSite, secure } = affinity
    const frontends = (ways.get(upstream) ?? []).map(({ frontend }) => frontend)
    const hasHttps = frontends.length === 0 || frontends.some(mayBeHttps)
    if (sameSite === 'none' && !secure) {
      const message = `browsers drop the cookie ${cookie}: SameSite=None needs Secure`
      const at = atValue([...path, 'sameSite'])
      const help = hasHttps
        ? 'write secure: true as well'
        : 'write secure: true as well, and a listener with tls, or clientAddress when HTTPS ends in front'
      return [report('affinity-cookie-dropped', at, message, help)]
    }
    const plain = frontends.find(mayBeHttp)
    if (!secure || plain === undefined) return []
    const at = atValue([...path, 'secure'])
    if (!hasHttps) {
      const message = `browsers drop the cookie ${cookie}: it is for HTTPS only, and every listener speaks HTTP`
      const help = 'add a listener with tls, or clientAddress when HTTPS ends in front'
      return [report('affinity-cookie-dropped', at, message, help)]
    }
    const message = `requests over HTTP to frontend "${plain.name}" come without the cookie ${cookie}, which is for HTTPS only`
    const help = 'leave secure out, or serve this upstream over HTTPS only'
    return [report('affinity-cookie-dropped', at, message, help)]
  })
}
