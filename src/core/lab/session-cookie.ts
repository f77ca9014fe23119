import type { Affinity } from '../model/affinity.ts'
import type { Upstream } from '../model/cluster.ts'
import { knownSessionCookie, sessionCookieOf } from '../model/session-cookie.ts'

const inAnswer = /^\$upstream_cookie_(.+)$/

/** The session cookie according to the affinity; null: unknown. */
const assumedBy = (affinity: Affinity): string | null => {
  if (affinity.method !== 'sticky') return null
  if (affinity.by === 'learn')
    return affinity.create.flatMap((variable) => inAnswer.exec(variable)?.[1] ?? [])[0] ?? null
  // An application whose cookie is overwritten loses its sessions: in the lab, too.
  return affinity.by === 'cookie' && knownSessionCookie(affinity.cookie) !== null
    ? affinity.cookie
    : null
}

/** The session cookie of an upstream's servers in the lab; unspecified applications use `lab_UPSTREAM`. */
export const sessionCookieIn = ({ affinity, app, name }: Upstream): string =>
  (affinity.method === 'jvm_route' && app.runtime === 'none' ? affinity.cookie : null) ??
  sessionCookieOf(app) ??
  assumedBy(affinity) ??
  `lab_${name}`
