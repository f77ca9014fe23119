import type { Cluster } from '../../model/cluster.ts'
import type { Effect } from '../impact.ts'
import type { Risk, RiskKind } from '../review.ts'

/** A risk with the share by which risks of one kind are ordered. */
export interface FoundRisk extends Risk {
  /** Of the sessions or clients of the upstream. */
  readonly share: number
  /** What must be true so that no session is lost, as a clause; null: nothing helps, or nothing is lost. */
  readonly condition: string | null
}

export const order: readonly RiskKind[] = ['sessions', 'availability', 'security', 'cosmetic']

/** What the risks of one upstream are found in. */
export interface Circumstances {
  readonly effect: Effect
  readonly after: Cluster
}

/** A risk of an upstream after the change. */
export const upstreamRisk = (
  { effect }: Circumstances,
  risk: Pick<FoundRisk, 'at' | 'code' | 'kind' | 'message' | 'remedies' | 'share'> &
    Partial<Pick<FoundRisk, 'condition'>>,
): FoundRisk => ({
  side: 'after',
  upstream: effect.pair.after.name,
  condition: null,
  ...risk,
})
