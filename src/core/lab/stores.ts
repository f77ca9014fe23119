import { storeOf } from '../model/app.ts'
import type { Cluster } from '../model/cluster.ts'
import type { Store } from '../model/store.ts'
import type { Artifact } from '../render/artifact.ts'
import { type LabEnvironment, type PortAllocator, portIn } from './environment.ts'
import { isPostgres } from './jdbc-url.ts'
import { jdbcAddress } from './move-to-lab.ts'
import { memcachedProcess } from './processes/memcached.ts'
import { postgresProcess } from './processes/postgres.ts'
import { redisProcesses } from './processes/redis.ts'
import type { LabProcess } from './program.ts'
import type { LabTools } from './tools.ts'

/** The stores that have sessions. */
export const usedStores = ({ stores, upstreams }: Cluster): readonly Store[] =>
  stores.filter((store) => upstreams.some(({ app }) => storeOf(app) === store))

/** Why the lab cannot start the stores of real application servers; null: it can. */
export const missingStore = (cluster: Cluster, { appOf }: LabTools): string | null => {
  const upstreams = cluster.upstreams.filter((upstream) => appOf(upstream) !== null)
  const foreign = usedStores({ ...cluster, upstreams }).find(
    (store) => store.kind === 'jdbc' && !isPostgres(store.url),
  )
  return foreign === undefined
    ? null
    : `store "${foreign.name}" uses a database other than PostgreSQL, the only one that the lab can start`
}

const processesOf = (
  store: Store,
  tools: LabTools,
  tables: readonly string[],
  ports: PortAllocator,
  environment: LabEnvironment,
): readonly LabProcess[] => {
  const { redis, memcached, postgres } = tools
  switch (store.kind) {
    case 'redis':
      return redis === null ? [] : redisProcesses({ tool: redis, store, environment, ports })
    case 'memcached':
      return memcached === null
        ? []
        : store.servers.map(({ name, address }) =>
            memcachedProcess(memcached, `${store.name}-${name}`, portIn(address), environment),
          )
    case 'jdbc':
      return postgres === null
        ? []
        : [postgresProcess(postgres, store, ports.of(jdbcAddress(store)), tables, environment)]
  }
}

/** The processes of the stores, in the order of their start. */
export const storeProcesses = (
  cluster: Cluster,
  tools: LabTools,
  artifacts: readonly Artifact[],
  ports: PortAllocator,
  environment: LabEnvironment,
): readonly LabProcess[] => {
  const tables = artifacts.filter(({ path }) => path.endsWith('.sql')).map(({ text }) => text)
  return usedStores(cluster).flatMap((store) =>
    processesOf(store, tools, tables, ports, environment),
  )
}
