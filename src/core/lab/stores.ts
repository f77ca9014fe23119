import { storeOf } from '../model/app.ts'
import type { Cluster } from '../model/cluster.ts'
import type { Store } from '../model/store.ts'
import type { Artifact } from '../render/artifact.ts'
import { type LabEnvironment, type PortAllocator, portIn } from './ground.ts'
import { isPostgres } from './jdbc-url.ts'
import { memcachedProcess } from './processes/memcached.ts'
import { postgresProcess } from './processes/postgres.ts'
import { redisProcesses } from './processes/redis.ts'
import type { LabProcess } from './program.ts'
import { jdbcAddress } from './readdress.ts'
import type { LabTools } from './tools.ts'

/** The entries of `stores` that sessions are kept in. */
export const usedStores = ({ stores, upstreams }: Cluster): readonly Store[] =>
  stores.filter((store) => upstreams.some(({ app }) => storeOf(app) === store))

/** Why a lab cannot have the stores that servers other than stand-ins use; null: it can. */
export const missingStore = (cluster: Cluster, { appOf }: LabTools): string | null => {
  const upstreams = cluster.upstreams.filter((upstream) => appOf(upstream) !== null)
  const foreign = usedStores({ ...cluster, upstreams }).find(
    (store) => store.kind === 'jdbc' && !isPostgres(store.url),
  )
  return foreign === undefined
    ? null
    : `the database of the store ${foreign.name} is not PostgreSQL, the only one that a lab starts`
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
