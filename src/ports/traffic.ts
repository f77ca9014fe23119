import type { HttpResponse } from '../core/traffic/exchange.ts'
import type { Pattern } from '../core/traffic/identity.ts'
import type { Clock, Screen } from '../ports.ts'

/** The ports of `lab` and `verify` for HTTP, in addition to src/ports.ts. */

/** The server of all requests of a run. */
export interface HttpTarget {
  /** An IP address: a name could change its address during the run. */
  readonly address: string
  readonly port: number
  readonly isTls: boolean
  /** The Host header. */
  readonly host: string
  /** PEM certificates; null: the certificate authorities of this host. */
  readonly authorities: string | null
  /** Accepts any certificate. */
  readonly isInsecure: boolean
  /** Uses one connection per client instead of one per request. */
  readonly keepsAlive: boolean
  readonly timeoutMs: number
}

export interface HttpRequest {
  /** With the query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** The source address, such as 127.0.0.2; null: chosen by the system. */
  readonly localAddress: string | null
  /** The number of the client; clients do not share connections. */
  readonly client: number
}

/** A response, or the code of the failure, such as ECONNREFUSED, ETIMEDOUT or ABORTED. */
export type HttpResult =
  | { readonly response: HttpResponse; readonly failure: null }
  | { readonly response: null; readonly failure: string }

/** A connection after a WebSocket handshake. Pings of the server are answered. */
export interface WebSocketConnection {
  /** Sends a ping. Whether the other side answered within the timeout. */
  readonly ping: () => Promise<boolean>
  /** How long the connection was open before the other side closed it; null: it did not. */
  readonly closedMs: () => number | null
  readonly close: () => void
}

/** The connection is null if the response has another status than 101. */
export type UpgradeResult = HttpResult & { readonly connection: WebSocketConnection | null }

export interface HttpClient {
  /** Never rejects: a failed request is a result. */
  readonly send: (asked: HttpRequest) => Promise<HttpResult>
  /** Sends a WebSocket handshake on a separate connection. Never rejects. */
  readonly upgrade: (asked: HttpRequest) => Promise<UpgradeResult>
  /** Aborts all requests and closes all connections. */
  readonly close: () => void
}

export interface TrafficWorld {
  /** Limits the time of a user's regular expression, which throws a UsageError when it exceeds it. */
  readonly withTimeLimit: (pattern: Pattern) => Pattern
  readonly openClient: (target: HttpTarget) => HttpClient
  /** All addresses of a name. */
  readonly addressesOf: (host: string) => Promise<readonly string[]>
  /** Whether this host has the address, so that clients can use it. */
  readonly hasAddress: (address: string) => Promise<boolean>
  readonly clock: Clock
  /** Calls the function repeatedly until the returned function is called. */
  readonly every: (milliseconds: number, work: () => void) => () => void
  readonly screen: Screen
}
