import type { HttpResponse } from '../core/traffic/exchange.ts'
import type { Pattern } from '../core/traffic/identity.ts'
import type { Clock, Screen } from '../ports.ts'

/** What driving traffic asks of the world, beside src/ports.ts. */

/** Where requests go, the same for all of a run. */
export interface HttpTarget {
  /** Of the host: an address, so that a name cannot come to mean another host meanwhile. */
  readonly address: string
  readonly port: number
  readonly isTls: boolean
  /** What requests call it: a name or an address, with the port where it is not the usual one. */
  readonly host: string
  /** PEM; null: the authorities that this host trusts. */
  readonly authorities: string | null
  /** Takes any certificate. */
  readonly isInsecure: boolean
  /** Keeps a connection for each client; else each request has its own. */
  readonly keepsAlive: boolean
  readonly timeoutMs: number
}

export interface HttpRequest {
  /** With the query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** The client's own address, such as 127.0.0.2; null: whatever the system takes. */
  readonly localAddress: string | null
  /** Who asks: a client's connection is nobody else's. */
  readonly client: number
}

/** An answer, or a code that says why there is none, such as ECONNREFUSED, ETIMEDOUT or ABORTED. */
export type HttpResult =
  | { readonly response: HttpResponse; readonly failure: null }
  | { readonly response: null; readonly failure: string }

export interface HttpClient {
  /** Never throws: an answer that does not come is what we are looking for. */
  readonly send: (asked: HttpRequest) => Promise<HttpResult>
  /** Cuts what is under way and closes all connections. */
  readonly close: () => void
}

export interface TrafficWorld {
  /**
   * The expression with a limit of time for each text: one of the user's may need longer than anybody lives.
   * @throws UsageError where it does not end in time.
   */
  readonly withTimeLimit: (pattern: Pattern) => Pattern
  readonly openClient: (target: HttpTarget) => HttpClient
  /** Every address that a name has; empty when it has none. */
  readonly addressesOf: (host: string) => Promise<readonly string[]>
  /** Whether this host has the address, so that a client can have it. */
  readonly hasAddress: (address: string) => Promise<boolean>
  readonly clock: Clock
  /** Calls the function repeatedly until the returned function is called. */
  readonly every: (milliseconds: number, work: () => void) => () => void
  readonly screen: Screen
}
