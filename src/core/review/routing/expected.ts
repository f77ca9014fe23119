import type { UpstreamPair } from '../match.ts'
import { type Flow, flowsAtRandom } from './flow.ts'
import type { PopulationShape } from './models.ts'

/** Why clients may go to other servers, and what is expected of them where no model is asked. */
export interface Expected {
  /** The code of a risk. */
  readonly cause: string
  /** One sentence. */
  readonly reason: (found: Found) => string
  readonly flows: readonly Flow[]
  /** Whose addresses decide. */
  readonly shape: PopulationShape
  /** The server follows from the request alone: what other clients do makes no difference. */
  readonly isComputed: boolean
  /** Clients go on to another server with each request, or do not find their sessions on theirs. */
  readonly isUnbound: boolean
}

/** The answer for which a reason is given. */
export interface Found {
  /** The method after the change, as the proxy names it. */
  readonly title: string
  readonly flows: readonly Flow[]
}

/** Their requests are sent to a server as those of new clients. */
export const balanced = (pair: UpstreamPair, cause: string, reason: string): Expected => ({
  cause,
  reason: () => reason,
  flows: flowsAtRandom(pair),
  shape: 'internet',
  isComputed: false,
  isUnbound: false,
})

export const unbound = (expected: Expected): Expected => ({ ...expected, isUnbound: true })
