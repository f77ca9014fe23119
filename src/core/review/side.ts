import type { SpecPath } from '../diagnostics/diagnostic.ts'
import type { Cluster } from '../model/cluster.ts'
import type { Artifact } from '../render/artifact.ts'
import type { Spec } from '../spec/schema/index.ts'

/** A spec that is compared, with what sessctl makes of it. */
export interface ReviewSide {
  readonly spec: Spec
  readonly cluster: Cluster
  readonly artifacts: readonly Artifact[]
}

/** Something that is on both sides, or on one. */
export interface Match<Item> {
  readonly before: Item | null
  readonly after: Item | null
}

/** Something that is on both sides. */
export interface Pair<Item> {
  readonly before: Item
  readonly after: Item
}

export const isPair = <Item>(match: Match<Item>): match is Pair<Item> =>
  match.before !== null && match.after !== null

/** Where a place of the spec is on each side; null: it is not there. */
export type Places = Match<SpecPath>

/** A spec as a side of a review; null: it has errors. */
export const sideOf = ({
  spec,
  cluster,
  artifacts,
}: {
  readonly spec: Spec | null
  readonly cluster: Cluster | null
  readonly artifacts: readonly Artifact[]
}): ReviewSide | null => (spec === null || cluster === null ? null : { spec, cluster, artifacts })
