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
  render: (cluster) => {
    const target = targetOf(cluster)
    return target ? renderNginx(cluster, target) : { pages: [], diagnostics: [] }
  },
  escapes: { nginx: quote },
}
