import type { Findings } from '../../diagnostics/findings.ts'
import type { Cluster } from '../../model/cluster.ts'

/** The input of all rendering functions, and the collector that they report to. */
export interface Context {
  readonly cluster: Cluster
  /** Modules of httpd that what is written needs, without `mod_`. */
  readonly modules: Set<string>
  /** Rendering continues after an error, so that one run reports everything. */
  readonly findings: Findings
}
