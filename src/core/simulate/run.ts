import type { Answer, AppResponse, Event, Model } from './model.ts'
import { emptyResponse } from './model.ts'
import type { Cookie, Request } from './request.ts'
import type { SimulatedServer } from './server.ts'

/** What a client gets. */
export interface Served extends Answer {
  /** Of the proxy and of the application. */
  readonly cookies: readonly Cookie[]
}

/** A request that did not end. */
export interface Open {
  readonly answer: Answer
  readonly end: (response: AppResponse) => Served
}

/** A proxy with its state, of any product and method. */
export interface Run {
  readonly begin: (request: Request) => Open
  /** A request that ends before the next one begins. */
  readonly serve: (request: Request, response?: AppResponse) => Served
  readonly happens: (event: Event) => void
}

/** Starts a model; the state stays inside. */
export const run = <State, Own extends Answer>(
  model: Model<State, Own>,
  servers: readonly SimulatedServer[],
): Run => {
  let state = model.start(servers)
  const end = (answer: Own, response: AppResponse): Served => {
    const cookies = model.end(state, answer, response)
    const { server, failed, setCookies } = answer
    if (setCookies.length === 0) return { server, failed, setCookies, cookies }
    return { server, failed, setCookies, cookies: [...setCookies, ...cookies] }
  }
  return {
    begin: (request) => {
      const answer = model.begin(state, request)
      return { answer, end: (response) => end(answer, response) }
    },
    serve: (request, response = emptyResponse) => end(model.begin(state, request), response),
    happens: (event) => {
      state = model.after(state, event)
    },
  }
}
