import type { Random } from '../random.ts'
import type { Peer, Upstream } from './peers.ts'
import type { Search } from './search.ts'

/** What a method knows of a block besides its servers, such as a ring. */
export interface Method<Prepared, Work> {
  /** Once for a configuration. */
  readonly prepare: (upstream: Upstream) => Prepared
  /** Once for a request. */
  readonly begin: (prepared: Prepared, search: Search) => Work
  /** The next server for the request, taken; null: none may serve. */
  readonly next: (
    upstream: Upstream,
    search: Search,
    prepared: Prepared,
    work: Work,
    random: Random,
  ) => Peer | null
}

/** After more rejections than this, the hashing methods and `random` leave the choice to round robin. */
export const mostRejections = 20

const nothing = (): null => null

/** A method without anything of its own to remember. */
export const methodOf = (
  next: (upstream: Upstream, search: Search) => Peer | null,
): Method<null, null> => ({ prepare: nothing, begin: nothing, next })
