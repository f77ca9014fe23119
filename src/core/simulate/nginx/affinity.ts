import type { AppResponse } from '../model.ts'
import type { Cookie, Request } from '../request.ts'
import type { Peer, Upstream } from './peers.ts'
import type { Search } from './search.ts'

/** What comes between a request and the balancing method. */
export interface Affinity<Memory> {
  /** A reload keeps what is in shared memory. */
  readonly start: (before: Memory | null) => Memory
  /** Reads the session of the request into the search. */
  readonly begin: (memory: Memory, search: Search) => void
  readonly next: (upstream: Upstream, search: Search, balanced: () => Peer | null) => Peer | null
  /** Cookies that nginx sets when the server answers. */
  readonly setCookies: (peer: Peer, search: Search) => readonly Cookie[]
  readonly end: (memory: Memory, request: Request, peer: Peer, response: AppResponse) => void
}

export const noCookies: readonly Cookie[] = []

export const nothingSet = (): readonly Cookie[] => noCookies

export const nothingLearned = (): void => {}

/** The method decides; it looks at `sid` itself. */
export const byMethod = (
  _upstream: Upstream,
  _search: Search,
  balanced: () => Peer | null,
): Peer | null => balanced()

/** No affinity besides that of the method. */
export const none: Affinity<null> = {
  start: () => null,
  begin: () => {},
  next: byMethod,
  setCookies: nothingSet,
  end: nothingLearned,
}
