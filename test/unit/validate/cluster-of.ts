import type { Cluster } from '../../../src/core/model/cluster.ts'
import { understand } from '../../../src/core/pipeline.ts'
import { readSpec } from '../../../src/core/spec/read.ts'

/** The cluster of a spec that is understood. */
export const clusterOf = (text: string): Cluster => {
  const { cluster, diagnostics } = understand(readSpec('sessctl.yaml', text), {})
  if (cluster === null) throw new Error(JSON.stringify(diagnostics))
  return cluster
}
