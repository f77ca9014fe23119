import type { Findings } from '../../diagnostics/findings.ts'
import type { Spec } from '../../spec/schema/index.ts'
import type { Cluster } from '../cluster.ts'
import { resolveFrontends } from './frontends.ts'
import { resolveSnippets } from './snippets.ts'
import { resolveStores } from './stores.ts'
import { type InstalledVersions, resolveTargets } from './targets.ts'
import { resolveUpstreams } from './upstreams.ts'

/**
 * Spec → cluster: fills in defaults and looks up every name. The cluster is complete even when an error is
 * reported, so that rules and dialects can report their problems in the same run; its artifacts are not used
 * then.
 */
export const resolve = (spec: Spec, installed: InstalledVersions, findings: Findings): Cluster => {
  const targets = resolveTargets(spec.targets, installed, findings)
  const stores = resolveStores(spec.stores, findings)
  const upstreams = resolveUpstreams(spec.upstreams, stores, findings)
  const frontends = resolveFrontends(spec.frontends, upstreams, findings)
  const snippets = resolveSnippets(spec.snippets, [])
  return { name: spec.name, targets, frontends, upstreams, stores, snippets }
}
