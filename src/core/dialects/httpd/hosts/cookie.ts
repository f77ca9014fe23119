import type { StickyCookieAffinity } from '../../../model/affinity.ts'
import type { Upstream } from '../../../model/cluster.ts'
import type { Context } from '../context.ts'
import { headerText } from '../quote.ts'
import { literal } from '../words.ts'

/** A cookie of httpd's own. */
export interface CookieView {
  /** Value of Set-Cookie, with the route filled in by httpd. */
  readonly value: string
  /** When it is set. */
  readonly condition: string
  readonly isNocache: boolean
}

/** Ten years, as nginx's `expires=max`. */
const forever = 315_360_000

const sameSites = { strict: 'Strict', lax: 'Lax', none: 'None' } as const

const secondsOf = ({ expires }: StickyCookieAffinity): number | null => {
  if (expires === null) return null
  return expires === 'max' ? forever : Math.max(1, Math.ceil(expires.ms / 1000))
}

const attributesOf = (affinity: StickyCookieAffinity, context: Context): readonly string[] => {
  const { domain, sameSite, path } = affinity
  const seconds = secondsOf(affinity)
  return [
    `path=${headerText(literal(affinity.cookiePath, [...path, 'path'], context))}`,
    ...(domain === null ? [] : [`domain=${domain}`]),
    ...(seconds === null ? [] : [`Max-Age=${seconds}`]),
    ...(affinity.httpOnly ? ['HttpOnly'] : []),
    ...(affinity.secure ? ['Secure'] : []),
    ...(sameSite === null ? [] : [`SameSite=${sameSites[sameSite]}`]),
  ]
}

/**
 * The cookie of an upstream; null: it has none. One that expires is set with each answer, so that it
 * lasts while it is used; any other one when the server changes.
 */
export const cookieOf = (
  { affinity }: Upstream,
  balancer: string,
  context: Context,
): CookieView | null => {
  if (affinity.method !== 'sticky' || affinity.by !== 'cookie') return null
  const route = `${affinity.cookie}=.%{BALANCER_WORKER_ROUTE}e`
  const isOurs = `env('BALANCER_NAME') == '${balancer.toLowerCase()}'`
  const isRenewed = affinity.expires !== null && affinity.expires !== 'max'
  return {
    value: [route, ...attributesOf(affinity, context)].join('; '),
    condition: `expr=${isRenewed ? '' : "env('BALANCER_ROUTE_CHANGED') == '1' && "}${isOurs}`,
    isNocache: affinity.nocache,
  }
}
