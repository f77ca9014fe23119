import type { Diagnostic } from '../../../diagnostics/diagnostic.ts'
import type { Affinity } from '../../../model/affinity.ts'
import type { Upstream } from '../../../model/cluster.ts'
import type { Features } from '../features.ts'
import type { Names } from '../names.ts'
import type { MapGroupView, UpstreamView, UseridView } from '../views.ts'

/** What a form can say beside the affinity itself. */
export interface Limits {
  /** It wraps any balancing method, or is one itself. */
  readonly balance: 'any' | 'round_robin'
  readonly backup: boolean
  /** A drained server keeps its sessions and gets no new ones. */
  readonly drain: boolean
  /** `onFailure: strict`. */
  readonly strict: boolean
  readonly zone: boolean
  readonly maxConns: boolean
  readonly maxBusy: boolean
  /** Servers are known by their routes. */
  readonly routes: boolean
}

/** Variables; null: there is none. */
export interface Logged {
  /** The route that the request asked for. */
  readonly route: string | null
  /** Whether it went there. */
  readonly routeStatus: string | null
}

/** What an upstream becomes. */
export interface Part {
  readonly maps: readonly MapGroupView[]
  readonly upstreams: readonly UpstreamView[]
  /** What proxy_pass gets behind `http://`. */
  readonly passTo: string
  readonly isVariable: boolean
  readonly userid: UseridView | null
  readonly hideCookieOf: string | null
  /** What is known of the affinity when a request is logged. */
  readonly logged: Logged
  /** The module that sends pinned requests to servers that upstream_check took out; null: none does. */
  readonly ignoresChecks: string | null
  /** What works, but loses something. */
  readonly warnings: readonly Diagnostic[]
}

export interface Context {
  readonly upstream: Upstream
  readonly features: Features
  readonly names: Names
  /** Size of the shared memory zone, asked for or needed. */
  readonly zone: string | null
}

/** One way in which nginx can be told an affinity. */
export interface Form {
  readonly via: 'module' | 'native' | 'maps'
  /** As it is called in messages, such as `the jvm_route module`. */
  readonly title: string
  /** What the target would have to have, such as `nginx 1.29.6`; null: it has it. */
  readonly missing: string | null
  readonly limits: Limits
  /** Errors for what it cannot say of this affinity. */
  readonly refusals: () => readonly Diagnostic[]
  readonly write: (context: Context) => Part
}

/** The affinity of this method, with what its forms need to know. */
export interface FormInput<A extends Affinity = Affinity> {
  readonly affinity: A
  readonly upstream: Upstream
  readonly features: Features
}

/** A part of one upstream block. */
export const partOf = (block: UpstreamView): Part => ({
  maps: [],
  upstreams: [block],
  passTo: block.name,
  isVariable: false,
  userid: null,
  hideCookieOf: null,
  logged: { route: null, routeStatus: null },
  ignoresChecks: null,
  warnings: [],
})
