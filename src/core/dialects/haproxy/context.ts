import type { Findings } from '../../diagnostics/findings.ts'
import type { Cluster } from '../../model/cluster.ts'
import type { Version } from '../../model/version.ts'
import type { Features } from './features.ts'

/** What every part of the rendering knows, and where it leaves what it finds. */
export interface Context {
  readonly cluster: Cluster
  readonly version: Version
  readonly features: Features
  /** Names that no frontend can have. */
  readonly upstreamNames: ReadonlySet<string>
  /** Whether `ssl-load-extra-del-ext` is needed: it holds for every `.crt` of the configuration. */
  readonly looksBesideCrt: boolean
  /** Rendering goes on after an error, so that one run reports everything. */
  readonly findings: Findings
}
