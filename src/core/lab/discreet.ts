import type { Cluster } from '../model/cluster.ts'
import { insideFiles, type ReadFiles } from '../outside.ts'
import type { LabEnvironment } from './ground.ts'
import { type LabPlan, planLab } from './plan.ts'
import type { LabApplications, LabTools } from './tools.ts'

const hidden = 'what the lab changes in files from outside of the repository is not shown'

/**
 * As `planLab`, with nothing of what files outside of the repository say in its notes, nor in what its
 * application servers may say.
 */
export const planWithoutContents = (
  spec: Cluster,
  files: ReadFiles,
  wanted: string | null,
  tools: LabTools,
  applications: LabApplications,
  environment: LabEnvironment,
): LabPlan | string => {
  const plan = planLab(spec, files.inputs, wanted, tools, applications, environment)
  if (files.outside.size === 0) return plan
  const harmless = planLab(spec, insideFiles(files), wanted, tools, applications, environment)
  if (typeof plan === 'string') {
    return plan === harmless ? plan : 'a file from outside of the repository does not fit'
  }
  const known = new Set(typeof harmless === 'string' ? [] : harmless.notes)
  const shown = plan.notes.filter((note) => known.has(note))
  return {
    ...plan,
    servers: plan.servers.map((server) => ({ ...server, hidesOutput: true })),
    notes: shown.length === plan.notes.length ? shown : [...shown, hidden],
  }
}
