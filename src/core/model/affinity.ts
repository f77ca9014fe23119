import type { SpecPath } from '../diagnostics/diagnostic.ts'
import type { OnFailure, Via } from '../spec/schema/affinity.ts'
import type { SameSite } from '../spec/schema/primitives.ts'

interface Common {
  /** Of the `affinity` key, or of the upstream if the key is missing. */
  readonly path: SpecPath
  readonly onFailure: OnFailure
  readonly via: Via
}

export interface NoAffinity {
  readonly method: 'none'
  readonly path: SpecPath
}

export interface IpHashAffinity extends Common {
  readonly method: 'ip_hash'
}

export interface HashAffinity extends Common {
  readonly method: 'hash'
  /** Text with nginx variables. */
  readonly key: string
  readonly consistent: boolean
}

export interface JvmRouteAffinity extends Common {
  readonly method: 'jvm_route'
  readonly cookie: string
  /** The parameter in URLs, as in `;jsessionid=…`. */
  readonly url: string
  /** Which of the two the spec sets; the other is derived from the application. */
  readonly named: { readonly cookie: boolean; readonly url: boolean }
  /** true: the route follows the last `.` of the session id; false: the session id starts with the route. */
  readonly reverse: boolean
  /** HAProxy: with `prefix`, `cookie … prefix` is used instead of `use-server`. */
  readonly mode: 'prefix' | null
}

export interface StickyCookieAffinity extends Common {
  readonly method: 'sticky'
  readonly by: 'cookie'
  readonly cookie: string
  /** null: until the browser closes. */
  readonly expires: { readonly ms: number } | 'max' | null
  readonly domain: string | null
  readonly cookiePath: string
  readonly httpOnly: boolean
  readonly secure: boolean
  readonly sameSite: SameSite | null
  readonly mode: 'insert' | 'prefix' | 'rewrite'
  readonly indirect: boolean
  readonly nocache: boolean
}

export interface StickyRouteAffinity extends Common {
  readonly method: 'sticky'
  readonly by: 'route'
  /** nginx variables with `$`; the first that is not empty is the route. */
  readonly from: readonly string[]
}

export interface StickyLearnAffinity extends Common {
  readonly method: 'sticky'
  readonly by: 'learn'
  /** nginx variables with `$`. */
  readonly create: readonly string[]
  readonly lookup: readonly string[]
  /** Size of the table in shared memory as written, such as `1m`. */
  readonly zone: string
  readonly timeoutMs: number
}

/** The policy that sends all requests of a session to the same server. */
export type Affinity =
  | NoAffinity
  | IpHashAffinity
  | HashAffinity
  | JvmRouteAffinity
  | StickyCookieAffinity
  | StickyRouteAffinity
  | StickyLearnAffinity
