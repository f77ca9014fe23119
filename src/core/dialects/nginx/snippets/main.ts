import type { Findings } from '../../../diagnostics/findings.ts'
import { notFollowed } from '../../../fields.ts'
import type { Cluster } from '../../../model/cluster.ts'
import type { NginxTarget } from '../../../model/target.ts'
import type { Features } from '../features.ts'

/** Reports directives for an nginx.conf that is not generated. */
export const noteMain = (
  { snippets }: Cluster,
  { standalone }: NginxTarget,
  { label }: Features,
  findings: Findings,
): void => {
  if (standalone) return
  for (const { level, path } of snippets)
    if (level === 'main')
      notFollowed(
        findings,
        path,
        label,
        'it is for the nginx.conf, which is not generated',
        'set targets.nginx.standalone: true, or write the lines in your nginx.conf',
      )
}
