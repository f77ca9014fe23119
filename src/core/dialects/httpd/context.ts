import type { Findings } from '../../diagnostics/findings.ts'
import type { Cluster, Upstream } from '../../model/cluster.ts'
import type { Version } from '../../model/version.ts'

/** The input of all rendering functions, and the collector that they report to. */
export interface Context {
  readonly cluster: Cluster
  readonly version: Version
  /** The upstreams that receive upgraded connections. */
  readonly upgraded: ReadonlySet<Upstream>
  /** Modules of httpd that what is written needs, without `mod_`. */
  readonly modules: Set<string>
  /** Rendering continues after an error, so that one run reports everything. */
  readonly findings: Findings
}
