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
  /** The cookies that the client gets: of the proxy and of the application. */
  readonly end: (response: AppResponse) => readonly Cookie[]
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
  const end = (answer: Own, response: AppResponse): readonly Cookie[] => {
    const cookies = model.end(state, answer, response)
    return answer.setCookies.length === 0 ? cookies : [...answer.setCookies, ...cookies]
  }
  return {
    begin: (request) => {
      const answer = model.begin(state, request)
      return { answer, end: (response) => end(answer, response) }
    },
    serve: (request, response = emptyResponse) => {
      const answer = model.begin(state, request)
      const { server, failed, setCookies } = answer
      return { server, failed, setCookies, cookies: end(answer, response) }
    },
    happens: (event) => {
      state = model.after(state, event)
    },
  }
}
