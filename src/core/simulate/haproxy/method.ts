import type { Random } from '../random.ts'
import type { Request } from '../request.ts'
import type { Backend, BackendServer } from './backend.ts'

/** How HAProxy selects a server for a request without one. */
export interface Method<State> {
  readonly start: (backend: Backend) => State
  /** null: none may serve. */
  readonly next: (
    state: State,
    backend: Backend,
    request: Request,
    /** Did not answer the try before; null: this is the first. */
    avoided: BackendServer | null,
    random: Random,
  ) => BackendServer | null
  /** A server has become usable, or is not usable any more. */
  readonly changed: (state: State, backend: Backend, server: BackendServer) => void
  /** The number of requests of the server has changed. */
  readonly moved: (state: State, server: BackendServer) => void
}

export const nothingMoved = (): void => {}
