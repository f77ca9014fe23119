import { clientsOfShape } from '../../../../src/core/simulate/population/shapes.ts'
import { tell, usualEvents } from '../../../../src/core/simulate/story/tell.ts'
import type { SimulationOrigin } from '../../../../src/report/simulate/page.ts'
import type { Simulation } from '../../../../src/report/simulate/words.ts'
import { clusterOf, specOf } from '../../simulate/clusters.ts'

/** Three proxies by the address of the client, with what happens where the user names no event. */
export const simulationOf = (): readonly [SimulationOrigin, Simulation] => {
  const { cluster, upstream } = clusterOf(specOf({ affinity: '{ method: ip_hash }' }))
  const clients = clientsOfShape({ name: 'mixed', count: null }, 1000, 1)
  const stories = cluster.targets.flatMap(
    (target) => tell(cluster, upstream, target, clients, usualEvents(upstream), 1) ?? [],
  )
  return [
    { version: '0.1.0', commandLine: ['simulate', 'shop.yaml', '--target', 'all'] },
    { spec: 'shop.yaml', upstream: upstream.name, population: 'mixed', seed: 1, stories },
  ]
}
