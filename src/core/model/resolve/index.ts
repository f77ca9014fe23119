import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Spec } from '../../spec/schema/index.ts'
import type { Cluster } from '../cluster.ts'
import { resolveFrontends } from './frontends.ts'
import type { Issues } from './issues.ts'
import { resolveStores } from './stores.ts'
import { type InstalledVersions, resolveTargets } from './targets.ts'
import { resolveUpstreams } from './upstreams.ts'

export interface Resolved {
  readonly cluster: Cluster
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Spec → cluster: fills in what is left out and looks up every name. The cluster is whole even
 * when something is wrong, so that the rules and dialects can add what they find; it must not be
 * rendered then.
 */
export const resolve = (spec: Spec, installed: InstalledVersions): Resolved => {
  const issues: Issues = []
  const targets = resolveTargets(spec.targets, installed, issues)
  const stores = resolveStores(spec.stores, issues)
  const upstreams = resolveUpstreams(spec.upstreams, stores, issues)
  const frontends = resolveFrontends(spec.frontends, upstreams, issues)
  return {
    cluster: { name: spec.name, targets, frontends, upstreams, stores },
    diagnostics: issues,
  }
}
