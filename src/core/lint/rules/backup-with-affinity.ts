import { atValue, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Cluster, Upstream } from '../../model/cluster.ts'
import { report } from '../codes.ts'
import type { ListingRule } from '../rule.ts'

const nameOf = { nginx: 'nginx', haproxy: 'HAProxy', httpd: 'httpd' } as const

const problemsOf = (
  { affinity, servers }: Upstream,
  { targets }: Cluster,
): readonly Diagnostic[] => {
  const backup = servers.find(({ state }) => state === 'backup')
  if (affinity.method !== 'sticky' && affinity.method !== 'jvm_route') return []
  if (backup === undefined) return []
  const returning = targets.some(({ dialect }) => dialect === 'nginx')
  const staying = targets.flatMap(({ dialect }) => (dialect === 'nginx' ? [] : [nameOf[dialect]]))
  const said = [
    ...(returning
      ? [`nginx takes clients back from "${backup.name}" as soon as another server is up`]
      : []),
    ...(staying.length > 0
      ? [`${staying.join(' and ')} leaves clients on "${backup.name}" when the others are back`]
      : []),
  ]
  if (said.length === 0) return []
  const help = returning
    ? 'sessions that began there are lost then, unless the servers share them'
    : null
  const at = atValue([...backup.path, 'state'])
  return [report('backup-with-affinity', at, said.join(', and '), help)]
}

export const backupWithAffinity: ListingRule = (cluster) =>
  cluster.upstreams.flatMap((upstream) => problemsOf(upstream, cluster))
