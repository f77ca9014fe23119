import type { Cluster } from '../../model/cluster.ts'
import type { NginxTarget } from '../../model/target.ts'
import type { Dialect } from '../dialect.ts'
import { quote } from './quote.ts'
import { renderNginx } from './render-nginx.ts'

const targetOf = ({ targets }: Cluster): NginxTarget | undefined =>
  targets.find((target): target is NginxTarget => target.dialect === 'nginx')

/** nginx and its descendants: NGINX Plus, Angie, Tengine and OpenResty. */
export const nginx: Dialect = {
  name: 'nginx',
  isWanted: (cluster) => targetOf(cluster) !== undefined,
  inputs: () => [],
  render: (cluster, _inputs, findings) => {
    const target = targetOf(cluster)
    if (target === undefined) return []
    const { pages, diagnostics } = renderNginx(cluster, target)
    findings.addAll(diagnostics)
    return pages
  },
  escapes: { nginx: quote },
}
