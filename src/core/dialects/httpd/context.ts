import type { Findings } from '../../diagnostics/findings.ts'
import type { Cluster } from '../../model/cluster.ts'

/** What every part of the rendering knows, and where it leaves what it finds. */
export interface Context {
  readonly cluster: Cluster
  /** Modules of httpd that what is written needs, without `mod_`. */
  readonly modules: Set<string>
  /** Rendering goes on after an error, so that one run reports everything. */
  readonly findings: Findings
}
