import type { Cookie, Request } from './request.ts'
import type { SimulatedServer } from './server.ts'

/** What happens besides requests. */
export type Event =
  /** The server refuses connections; the proxy does not know it yet. */
  | { readonly kind: 'dies'; readonly server: string }
  | { readonly kind: 'returns'; readonly server: string }
  /** A health check of HAProxy or httpd has noticed that the server died. */
  | { readonly kind: 'noticed'; readonly server: string }
  /** The proxy reads a new configuration: servers are added, removed, drained or reweighted by it. */
  | { readonly kind: 'reload'; readonly servers: readonly SimulatedServer[] }

/** Where a request went. */
export interface Answer {
  /** The name of the server that answers; null: the client gets 502 or 503. */
  readonly server: string | null
  /** The names of servers that were tried before and did not answer. */
  readonly failed: readonly string[]
  /** Cookies that the proxy itself adds to the response. */
  readonly setCookies: readonly Cookie[]
}

/** What the application adds to the response. */
export interface AppResponse {
  readonly setCookies: readonly Cookie[]
  /** Of the body. */
  readonly bytes: number
}

/**
 * How a proxy with one method selects servers: no clock, no network, and no chance but the one in the
 * state. `begin` and `end` change the state in place, because a copy for each request would cost more
 * than the selection; whoever compares two futures starts two states.
 */
export interface Model<State, Served extends Answer = Answer> {
  readonly start: (servers: readonly SimulatedServer[]) => State
  /** A request arrives. It counts as active until `end`. */
  readonly begin: (state: State, request: Request) => Served
  /** The response arrives. Returns the cookies of the application as the client gets them. */
  readonly end: (state: State, answer: Served, response: AppResponse) => readonly Cookie[]
  /** The state after an event; that of before is not used again. */
  readonly after: (state: State, event: Event) => State
}

export const emptyResponse: AppResponse = { setCookies: [], bytes: 0 }

/** A request that ends before the next one begins. */
export const serve = <State, Served extends Answer>(
  model: Model<State, Served>,
  state: State,
  request: Request,
  response: AppResponse = emptyResponse,
): Served => {
  const answer = model.begin(state, request)
  model.end(state, answer, response)
  return answer
}
