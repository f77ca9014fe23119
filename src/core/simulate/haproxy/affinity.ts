import type { AppResponse } from '../model.ts'
import type { Cookie, Request } from '../request.ts'
import type { Backend, BackendServer } from './backend.ts'

/** What a request says about its server. */
export type Wish =
  /** Nothing, or a server that is unknown or stopped. */
  | { readonly kind: 'any' }
  | { readonly kind: 'server'; readonly server: BackendServer }
  /** 503: strict, and the server is disabled. */
  | { readonly kind: 'refused' }

/** How HAProxy keeps sessions on their servers. */
export interface Affinity<Memory> {
  readonly start: (before: Memory | null) => Memory
  readonly wishOf: (memory: Memory, backend: Backend, request: Request) => Wish
  /** Cookies that HAProxy adds; `wished`: the request asked for this server. */
  readonly setCookies: (
    server: BackendServer,
    request: Request,
    wished: boolean,
  ) => readonly Cookie[]
  /** The cookies of the application as HAProxy passes them on. */
  readonly end: (
    memory: Memory,
    request: Request,
    server: BackendServer,
    response: AppResponse,
  ) => readonly Cookie[]
  /** `option persist` without `option redispatch`. */
  readonly strict: boolean
}

export const anyServer: Wish = { kind: 'any' }

const noCookies: readonly Cookie[] = []

export const nothingSet = (): readonly Cookie[] => noCookies

export const passedOn = (
  _memory: unknown,
  _request: Request,
  _server: BackendServer,
  { setCookies }: AppResponse,
): readonly Cookie[] => setCookies

export const none: Affinity<null> = {
  start: () => null,
  wishOf: () => anyServer,
  setCookies: nothingSet,
  end: passedOn,
  strict: false,
}
