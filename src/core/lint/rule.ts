import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Cluster } from '../model/cluster.ts'

/** One thing that can be wrong with a combination of choices, whatever the target. */
export type Rule = (cluster: Cluster) => readonly Diagnostic[]
