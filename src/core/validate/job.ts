import type { Inputs } from '../dialects/dialect.ts'
import type { Cluster } from '../model/cluster.ts'
import type { Artifact } from '../render/artifact.ts'

/** What there is to check for one dialect, and where. */
export interface Job {
  readonly cluster: Cluster
  readonly inputs: Inputs
  /** Those of the dialect, as they will be written. */
  readonly artifacts: readonly Artifact[]
  /** The stage: absolute, private, empty, ours alone. */
  readonly folder: string
  /** Whether programs run as root. */
  readonly isRoot: boolean
}
