import { allocatePorts, type LabEnvironment, portsNeeded } from '../../core/lab/environment.ts'
import type { Cluster } from '../../core/model/cluster.ts'
import { ToolError } from '../../errors.ts'
import type { LabWorld } from '../../ports/lab.ts'

/** Each server is a process. */
const mostServers = 32

/** @throws ToolError for a cluster that has too many servers for a lab. */
export const checkSize = (file: string, { upstreams }: Cluster): void => {
  const count = upstreams.reduce((sum, { servers }) => sum + servers.length, 0)
  if (count > mostServers)
    throw new ToolError(`${file} has ${count} servers, and the lab starts a process for each`, {
      help: `remove servers: a lab has at most ${mostServers}`,
    })
}

/** A loopback address with enough ports for these clusters, in which an address always has the same port. */
export const environmentFor = async (
  clusters: readonly Cluster[],
  folder: string,
  isRoot: boolean,
  { network, random }: Pick<LabWorld, 'network' | 'random'>,
): Promise<LabEnvironment> => {
  const needed = clusters.reduce((sum, cluster) => sum + portsNeeded(cluster), 0)
  const { host, first } = await network.findPorts(needed)
  return {
    folder,
    host,
    ports: allocatePorts(first),
    isRoot,
    protectsStores: true,
    password: random(24),
    key: random(32),
  }
}
