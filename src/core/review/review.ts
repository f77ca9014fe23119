import type { SpecPath } from '../diagnostics/diagnostic.ts'

/*
 * What a change of a spec does to the people who are logged in. `review` computes it from two clusters;
 * the reports print it.
 */

/** Products that send requests to servers. */
export type ProxyName = 'nginx' | 'haproxy' | 'httpd'

/** A spec that is compared. */
export type Side = 'before' | 'after'

export interface Review {
  readonly verdict: Verdict
  /** Ordered: sessions, availability, security, cosmetic; within one kind the largest first. */
  readonly risks: readonly Risk[]
  /** By identity: servers by their address and name, upstreams by their servers. In the order of the spec. */
  readonly changes: readonly Change[]
  /** Of each upstream that is on both sides, sorted by its name after the change. */
  readonly impact: readonly UpstreamImpact[]
}

export interface Verdict {
  /** One line without a full stop at its end: `No session is lost`, or shares, whose, and until when. */
  readonly sentence: string
  /** Of the sessions of all upstreams, from 0 to 1. */
  readonly lost: number
  /** Of the clients of all upstreams, from 0 to 1. */
  readonly moved: number
  /** Programs that must restart: `Tomcat shop-1`. */
  readonly restarts: readonly string[]
  /** Programs that read their configuration again: `nginx`. */
  readonly reloads: readonly string[]
}

export type RiskKind = 'sessions' | 'availability' | 'security' | 'cosmetic'

export interface Risk {
  /** A name that does not change, for scripts: `sessions-move`, `store-replaced`. */
  readonly code: string
  readonly kind: RiskKind
  /** One sentence: what happens, and to whom. */
  readonly message: string
  /** What avoids it, one sentence each. Empty: nothing is known. */
  readonly remedies: readonly Remedy[]
  readonly side: Side
  /** In the spec of `side`. */
  readonly at: SpecPath
  /** The upstream concerned; null: none in particular. */
  readonly upstream: string | null
}

export interface Remedy {
  readonly text: string
  /** Shell commands, in their order, such as `sessctl generate`. */
  readonly commands: readonly string[]
}

export interface Change {
  /** Such as `server-added`, `server-renamed`, `route-renamed`, `weight`, `method`, `store`. */
  readonly code: string
  /** One line: `server app3 added to upstream shop`. Secrets are masked. */
  readonly text: string
  readonly side: Side
  /** In the spec of `side`. */
  readonly at: SpecPath
  readonly upstream: string | null
}

export interface UpstreamImpact {
  /** After the change. */
  readonly name: string
  /** null: the name is unchanged. */
  readonly nameBefore: string | null
  /** Shares from 0 to 1: the worst of all proxies. */
  readonly moved: number
  readonly lost: number
  readonly proxies: readonly ProxyImpact[]
}

export interface ProxyImpact {
  readonly proxy: ProxyName
  /** Clients whose next request goes to another server. */
  readonly moved: number
  /** Sessions that the next server does not have, or that no request finds any more. */
  readonly lost: number
  /** Requests of clients that get an error once, because their server does not answer. */
  readonly failed: number
  /** Of clients per server: what the balancing method gives, by the name of the server. */
  readonly spread: {
    readonly before: Readonly<Record<string, number>>
    readonly after: Readonly<Record<string, number>>
  }
  /** Why, one sentence: `nginx numbers the servers of ip_hash, and the number of servers changed`. */
  readonly reason: string
  /** How the figures came about: a model, or the rule that decides them. */
  readonly by: 'model' | 'rule'
}
