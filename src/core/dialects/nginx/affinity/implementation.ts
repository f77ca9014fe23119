import type { Findings } from '../../../diagnostics/findings.ts'
import type { Upstream } from '../../../model/cluster.ts'
import type { Features } from '../features.ts'
import type { Names } from '../names.ts'
import type { UpstreamView } from '../upstream-block.ts'
import type { UseridView } from './userid.ts'

/** A `map` block. */
export interface MapView {
  readonly source: string
  readonly variable: string
  readonly entries: readonly { readonly key: string; readonly value: string }[]
}

/** The maps of an upstream for one purpose, which their comment names. */
export interface MapGroupView {
  /** Its name in the spec. */
  readonly upstream: string
  readonly isSession: boolean
  readonly isVariables: boolean
  readonly isPool: boolean
  readonly maps: readonly MapView[]
}

/** What an implementation supports in addition to the affinity itself. */
export interface Capabilities {
  /** round_robin: it is a balancing method itself. */
  readonly balance: 'any' | 'round_robin'
  readonly backup: boolean
  /** A drained server keeps its sessions and gets no new ones. */
  readonly drain: boolean
  /** `onFailure: strict`. */
  readonly strict: boolean
  readonly zone: boolean
  readonly maxConns: boolean
  readonly maxBusy: boolean
  /** Servers are identified by their routes. */
  readonly routes: boolean
}

/** The configuration of one upstream. */
export interface UpstreamConfiguration {
  readonly maps: readonly MapGroupView[]
  readonly upstreams: readonly UpstreamView[]
  /** For `proxy_pass`: an upstream or a variable. */
  readonly passTo: string
  readonly isVariable: boolean
  readonly userid: UseridView | null
  /** The upstream whose affinity cookie is hidden from the application (Tengine). */
  readonly hideCookieOf: string | null
  /** Variables for the access log: the route of the request, and whether it was followed. */
  readonly logged: { readonly route: string | null; readonly routeStatus: string | null }
  /** The module that sends pinned requests to servers that upstream_check marks as down; null: none. */
  readonly ignoresChecks: string | null
}

export interface UpstreamContext {
  readonly upstream: Upstream
  readonly features: Features
  readonly names: Names
  /** Size of the shared memory zone. */
  readonly zone: string | null
}

/** One way to configure an affinity in nginx. */
export interface Implementation {
  readonly via: 'module' | 'native' | 'maps'
  /** Its name in messages, such as `the jvm_route module`. */
  readonly title: string
  /** What the target lacks for it, such as `nginx 1.29.6`; null: nothing. */
  readonly missing: string | null
  readonly capabilities: Capabilities
  /** Reports what of this affinity it does not support. */
  readonly check?: (findings: Findings) => void
  readonly configure: (context: UpstreamContext, findings: Findings) => UpstreamConfiguration
}

/** A configuration of one upstream block. */
export const singleBlock = (block: UpstreamView): UpstreamConfiguration => ({
  maps: [],
  upstreams: [block],
  passTo: block.name,
  isVariable: false,
  userid: null,
  hideCookieOf: null,
  logged: { route: null, routeStatus: null },
  ignoresChecks: null,
})
