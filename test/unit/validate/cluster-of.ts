import type { Cluster } from '../../../src/core/model/cluster.ts'
import { readSpec, resolveSpec } from '../../../src/core/pipeline.ts'

/** The cluster of a spec that is understood. */
export const clusterOf = (text: string): Cluster => {
  const { cluster, diagnostics } = resolveSpec(readSpec('sessctl.yaml', text), {})
  if (cluster === null) throw new Error(JSON.stringify(diagnostics))
  return cluster
}
