import { Findings } from '../diagnostics/findings.ts'
import type { DialectName, Inputs } from '../dialects/dialect.ts'
import type { Artifact } from '../render/artifact.ts'
import { render } from '../render/render.ts'
import type { StagedCluster } from './stage-cluster.ts'

/** The artifacts of one dialect as they are checked; a sentence when they cannot be rendered so. */
export const renderStaged = (
  { cluster }: StagedCluster,
  inputs: Inputs,
  dialect: DialectName,
): readonly Artifact[] | string => {
  const findings = new Findings()
  const artifacts = render(cluster, inputs, new Set([dialect]), findings)
  const [problem] = findings.all.filter(({ severity }) => severity === 'error')
  return problem === undefined ? artifacts : `it cannot be staged: ${problem.message}`
}
