/** The response to one request, with header names in lower case. */
export interface HttpResponse {
  readonly status: number
  readonly headers: ReadonlyMap<string, readonly string[]>
  /** The start of the body. */
  readonly body: string
}

/** When a request is sent: before, during or after the event, or by new clients after it. */
export type Phase = 'before' | 'during' | 'after' | 'newcomers'

/** What became of a WebSocket handshake and of its connection. */
export interface UpgradeOutcome {
  /** 0: the connection was not idle. */
  readonly idleMs: number
  readonly isUpgraded: boolean
  /** Whether the connection still worked after the idle time. */
  readonly isOpen: boolean
  /** How long the connection was open before it was closed by the other side; null: it was not. */
  readonly closedMs: number | null
}

/** One request and how it ended. Times are milliseconds from the start of the scenario. */
export interface Exchange {
  /** Clients are numbered from 0; newcomers come last. */
  readonly client: number
  readonly phase: Phase
  readonly atMs: number
  /** From the first byte sent to the last byte read. */
  readonly tookMs: number
  /** The cookies of the request. */
  readonly cookies: ReadonlyMap<string, string>
  /** The session id in the URL of the request. */
  readonly urlSession: string | null
  /** null: the request failed. */
  readonly response: HttpResponse | null
  /** Why the request failed: a code such as ECONNREFUSED. */
  readonly failure: string | null
  /** null: not a handshake. */
  readonly upgrade: UpgradeOutcome | null
}

/** The route in a session id. */
export interface GivenRoute {
  /** Empty if there is none. */
  readonly value: string
  /** Whether a server has it. */
  readonly isKnown: boolean
}

/** What matters of an exchange: the server, and whether it knew the session. */
export interface Observation {
  readonly client: number
  readonly phase: Phase
  readonly atMs: number
  readonly tookMs: number
  readonly status: number | null
  readonly failure: string | null
  /** null: unknown. */
  readonly server: string | null
  /** The session id without its route. */
  readonly session: string | null
  /** The route of a new session; null: there is no new session, or the routes are unknown. */
  readonly route: GivenRoute | null
  /** The number of requests in this session, according to the application; null: unknown. */
  readonly count: number | null
  /** null: not a handshake. */
  readonly upgrade: UpgradeOutcome | null
}

/** A change of the cluster during a scenario. */
export interface ClusterEvent {
  readonly event: EventName
  /** The affected server; null: not one server. */
  readonly server: string | null
  readonly atMs: number
  readonly endMs: number
}

export type EventName =
  | 'kill-server'
  | 'start-server'
  | 'drain-server'
  | 'restart-servers'
  | 'restart-store'
  /** `diff --prove`: the cluster of one spec becomes that of another one. */
  | 'apply-change'

/** Whether the application has answered; a status of 429 is a limit, not an answer. */
export const isServed = ({ status }: Observation): boolean =>
  status !== null && status < 500 && status !== 429
