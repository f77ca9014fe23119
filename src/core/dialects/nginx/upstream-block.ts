import { formatAddress } from '../../model/address.ts'
import type { Server, Upstream } from '../../model/cluster.ts'
import { atLeast } from '../../model/version.ts'
import type { SnippetView } from '../../snippets/marked.ts'
import { balancerIdleSeconds } from '../idle-seconds.ts'
import { duration } from './durations.ts'
import type { Features } from './features.ts'
import { type CheckView, checkView } from './health-checks.ts'
import { nginxSnippetViews } from './snippets/views.ts'

/** A `server` directive in an upstream block. */
export interface ServerDirective {
  readonly address: string
  readonly params: readonly string[]
}

/** An `upstream` block. */
export interface UpstreamView {
  readonly name: string
  /** With maps: the server whose sessions use this block. */
  readonly pinnedTo: string | null
  readonly zone: { readonly name: string; readonly size: string } | null
  /** Words of `resolver`; null: no server has `resolve`. */
  readonly resolver: readonly string[] | null
  readonly isIpHash: boolean
  readonly isLeastConn: boolean
  readonly isRandom: boolean
  readonly hash: { readonly key: string; readonly consistent: boolean } | null
  readonly stickyNg: readonly string[] | null
  readonly servers: readonly ServerDirective[]
  /** `srun_id` directives of the jvm_route module in an unpatched nginx. */
  readonly routes: readonly { readonly route: string; readonly address: string }[]
  readonly jvmRoute: {
    readonly session: string
    readonly reverse: boolean
    readonly strict: boolean
  } | null
  readonly stickyCookie: readonly string[] | null
  readonly stickyRoute: readonly string[] | null
  readonly stickyLearn: readonly string[] | null
  readonly isStickyStrict: boolean
  readonly sessionSticky: readonly string[] | null
  readonly check: CheckView | null
  readonly keepalive: string | null
  /** Seconds; null: the default of nginx. */
  readonly keepaliveTimeout: number | null
  readonly snippets: readonly SnippetView[]
}

/** Since 1.29.7 nginx keeps connections to upstream servers by default, with HTTP/1.1. */
const isKeepaliveDefault = ({ base }: Features): boolean => atLeast(base, '1.29.7')

/** Older releases also need HTTP/1.1 and an empty Connection header, or they close each connection. */
export const needsKeepaliveHeaders = ({ keepalive }: Upstream, features: Features): boolean =>
  keepalive !== null && keepalive > 0 && !isKeepaliveDefault(features)

export const keepsConnections = ({ keepalive }: Upstream, features: Features): boolean =>
  keepalive === null ? isKeepaliveDefault(features) : keepalive > 0

/** An upstream block without servers and affinity. */
export const upstreamBlock = (
  upstream: Upstream,
  features: Features,
  zone: string | null,
): UpstreamView => {
  const { name, balance, keepalive } = upstream
  // Older releases refuse `keepalive 0`, which is their default.
  const hasKeepalive = keepalive !== null && (keepalive > 0 || isKeepaliveDefault(features))
  // Older releases have no keepalive_timeout in upstream blocks: the server closes the connection.
  const hasTimeout = keepsConnections(upstream, features) && atLeast(features.base, '1.15.3')
  return {
    name,
    pinnedTo: null,
    zone: zone === null ? null : { name, size: zone },
    resolver: null,
    isIpHash: false,
    isLeastConn: balance.kind === 'least_conn',
    isRandom: balance.kind === 'random',
    hash: balance.kind === 'hash' ? { key: balance.key, consistent: balance.consistent } : null,
    stickyNg: null,
    servers: [],
    routes: [],
    jvmRoute: null,
    stickyCookie: null,
    stickyRoute: null,
    stickyLearn: null,
    isStickyStrict: false,
    sessionSticky: null,
    check: checkView(upstream, features),
    keepalive: hasKeepalive ? String(keepalive) : null,
    keepaliveTimeout: hasTimeout ? balancerIdleSeconds : null,
    snippets: nginxSnippetViews(upstream.snippets, 'upstream'),
  }
}

/** @param state its parameter: implementations of an affinity differ in how they write `drain`. */
export const serverDirective = (
  { address, resolves, weight, maxFails, failTimeoutMs, maxConns }: Server,
  state: 'backup' | 'down' | 'drain' | null,
  extra: readonly string[] = [],
): ServerDirective => {
  const params: string[] = resolves ? ['resolve'] : []
  if (weight !== 1) params.push(`weight=${weight}`)
  if (maxFails !== null) params.push(`max_fails=${maxFails}`)
  if (failTimeoutMs !== null) params.push(`fail_timeout=${duration(failTimeoutMs)}`)
  if (maxConns !== null && maxConns > 0) params.push(`max_conns=${maxConns}`)
  params.push(...extra)
  if (state !== null) params.push(state)
  return { address: formatAddress(address), params }
}

/** The parameter for the state of a server, where nginx knows all four states. */
export const stateOf = ({ state }: Server): 'backup' | 'down' | 'drain' | null =>
  state === 'up' ? null : state

/** The same where a drained server has no sessions to keep, or gets them from another block. */
export const stateWithoutDrain = ({ state }: Server): 'backup' | 'down' | null =>
  state === 'drain' ? 'down' : state === 'up' ? null : state
