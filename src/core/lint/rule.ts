import type { Findings } from '../diagnostics/findings.ts'
import type { Cluster } from '../model/cluster.ts'

/** Reports one kind of mistake in a combination of choices, whatever the targets are. */
export type Rule = (cluster: Cluster, findings: Findings) => void
