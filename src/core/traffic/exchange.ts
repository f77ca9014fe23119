/** What came back for one request. Names of headers are in lower case. */
export interface HttpResponse {
  readonly status: number
  readonly headers: ReadonlyMap<string, readonly string[]>
  /** As much of it as is looked at. */
  readonly body: string
}

/**
 * The time of a request in its scenario: before or after the event, while it goes on, or from
 * clients that were never there before it.
 */
export type Phase = 'before' | 'during' | 'after' | 'newcomers'

/** One request and how it ended. Times are milliseconds from the start of the scenario. */
export interface Exchange {
  /** Clients are numbered from 0; newcomers come last. */
  readonly client: number
  readonly phase: Phase
  readonly atMs: number
  /** From the first byte sent to the last one read. */
  readonly tookMs: number
  /** The cookies that went along. */
  readonly cookies: ReadonlyMap<string, string>
  /** The session id in the URL. */
  readonly urlSession: string | null
  /** null when there was none. */
  readonly response: HttpResponse | null
  /** Why there was no response: a code such as ECONNREFUSED. */
  readonly failure: string | null
}

/** What stands in a session id where the balancer looks for the route. */
export interface GivenRoute {
  /** Empty where nothing does. */
  readonly value: string
  /** A server has it. */
  readonly isKnown: boolean
}

/** The same, as far as it matters: who answered, and whether it knew the session. */
export interface Observation {
  readonly client: number
  readonly phase: Phase
  readonly atMs: number
  readonly tookMs: number
  readonly status: number | null
  readonly failure: string | null
  /** null when nothing tells. */
  readonly server: string | null
  /** The session id without its route. */
  readonly session: string | null
  /** Of the session that the response gave; null: it gave none, or nobody said which routes there are. */
  readonly route: GivenRoute | null
  /** The application's count of the requests of this session; null when it tells none. */
  readonly count: number | null
}

/** What happened to the cluster in the midst of a scenario. */
export interface ClusterEvent {
  readonly event: EventName
  /** The server it happened to; null where it was not one of them. */
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

/** Whether somebody who waits for the page got an response of the application: 429 is none. */
export const isServed = ({ status }: Observation): boolean =>
  status !== null && status < 500 && status !== 429
