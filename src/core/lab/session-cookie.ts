import type { Affinity } from '../model/affinity.ts'
import type { Upstream } from '../model/cluster.ts'
import { knownSessionCookie, sessionCookieOf } from '../model/session-cookie.ts'

const inAnswer = /^\$upstream_cookie_(.+)$/

/** The cookie that the affinity takes for the session's; null: it says nothing of one. */
const assumedBy = (affinity: Affinity): string | null => {
  if (affinity.method !== 'sticky') return null
  if (affinity.by === 'learn')
    return affinity.create.flatMap((variable) => inAnswer.exec(variable)?.[1] ?? [])[0] ?? null
  // An application whose cookie is overwritten loses its sessions: in the lab, too.
  return affinity.by === 'cookie' && knownSessionCookie(affinity.cookie) !== null
    ? affinity.cookie
    : null
}

/** The session cookie of an upstream's servers in a lab; applications of which nothing is said have their own. */
export const sessionCookieIn = ({ affinity, app, name }: Upstream): string =>
  (affinity.method === 'jvm_route' && app.runtime === 'none' ? affinity.cookie : null) ??
  sessionCookieOf(app) ??
  assumedBy(affinity) ??
  `lab_${name}`
