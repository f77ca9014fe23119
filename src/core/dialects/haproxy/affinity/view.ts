import type { Upstream } from '../../../model/cluster.ts'
import { type Acl, type Rule, rule } from '../rules.ts'

/** HAProxy's own cookie, or the application's with a route in it. */
export interface CookieView {
  readonly name: string
  readonly mode: 'insert' | 'prefix' | 'rewrite'
  /** For servers of a template, whose cookies are computed from their addresses; null: there is none. */
  readonly dynamicKey: string | null
  readonly isIndirect: boolean
  readonly isNocache: boolean
  readonly isHttpOnly: boolean
  readonly isSecure: boolean
  readonly domain: string | null
  /** Seconds after its last use that the cookie counts. */
  readonly maxIdle: number | null
  /** Further attributes, such as `SameSite=Lax`. */
  readonly attributes: readonly string[]
}

/** Rewrites the path in the cookie that HAProxy sets. */
export interface CookiePathView {
  readonly pattern: string
  readonly format: string
}

/** Learned sessions. */
export interface StickView {
  readonly size: number
  readonly expire: string
  /** The section of the processes that share the table; null: none. */
  readonly peers: string | null
  /** `addr`, of servers whose names are those of a template; null: the name of the server. */
  readonly serverKey: string | null
  /** Samples of the request. */
  readonly lookups: readonly string[]
  /** Samples of the response. */
  readonly creates: readonly string[]
}

/** An affinity in HAProxy's terms; a method uses some of them. */
export interface AffinityView {
  readonly cookie: CookieView | null
  readonly cookiePath: CookiePathView | null
  readonly stick: StickView | null
  /** Whether `txn.route` names the server. */
  readonly usesServer: boolean
  readonly acls: readonly Acl[]
  readonly rules: readonly Rule[]
}

export const noAffinity: AffinityView = {
  cookie: null,
  cookiePath: null,
  stick: null,
  usesServer: false,
  acls: [],
  rules: [],
}

/**
 * `option persist` sends a strict session to its server even when checks call it down, and there it
 * fails; to a server that is disabled it would send it as well, so that is refused before.
 */
export const refuseDown = (
  { servers }: Upstream,
  sample: string,
): { readonly acls: readonly Acl[]; readonly rules: readonly Rule[] } => {
  const down = servers.filter(({ state }) => state === 'down').map(({ route }) => route)
  if (down.length === 0) return { acls: [], rules: [] }
  const acl: Acl = {
    name: 'down',
    sample,
    method: 'str',
    isCaseless: false,
    patterns: down,
  }
  return { acls: [acl], rules: [rule({ denyStatus: 503 }, [acl.name])] }
}
