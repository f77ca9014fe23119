import type { Address } from '../model/address.ts'
import type { Affinity } from '../model/affinity.ts'
import type { Cluster, Frontend, Server, Upstream } from '../model/cluster.ts'
import type { Store } from '../model/store.ts'
import type { Target } from '../model/target.ts'
import type { StagedFile } from '../validate/check.ts'
import { throwawayPair } from '../validate/throwaway-pair.ts'
import { type Ground, type Ports, portsOn } from './ground.ts'
import { withJdbcAddress } from './jdbc-url.ts'
import { moveApp } from './move-app.ts'
import { type LabSecrets, secretsIn } from './secrets.ts'

/** The cluster of a spec as it runs on loopback. */
export interface LabCluster {
  readonly cluster: Cluster
  /** What its artifacts name beside each other. */
  readonly files: readonly StagedFile[]
  readonly folders: readonly string[]
  /** The secrets, for the application servers. */
  readonly env: Readonly<Record<string, string>>
  /** Those that are not taken yet. */
  readonly ports: Ports
  /** In what the lab differs from the spec beside hosts and ports; sentences without a full stop. */
  readonly notes: readonly string[]
}

/** Stands for the one address of a database. */
export const jdbcAddress = (store: Store): Address => ({ kind: 'unix', path: store.name })

const moveStore = (
  store: Store,
  moved: (address: Address) => Address,
  ports: Ports,
  { instead }: LabSecrets,
  { host, password }: Ground,
): Store => {
  switch (store.kind) {
    case 'memcached': {
      const servers = store.servers.map((server) => ({ ...server, address: moved(server.address) }))
      return { ...store, servers }
    }
    case 'redis': {
      const addresses = store.addresses.map(moved)
      return { ...store, addresses, tls: false, password: instead(store.password, password) }
    }
    case 'jdbc': {
      const url = withJdbcAddress(store.url, host, ports.of(jdbcAddress(store)))
      return { ...store, url, password: instead(store.password, password) }
    }
  }
}

const withoutDomain = (affinity: Affinity): Affinity =>
  affinity.method === 'sticky' && affinity.by === 'cookie'
    ? { ...affinity, domain: null }
    : affinity

const filesFolder = 'files'

/**
 * Puts a cluster on one loopback address. Hosts and ports are others, and so is what names things of
 * the real hosts: certificates, folders, secrets, cookie domains. All else stays as the spec has it.
 */
export const readdress = (cluster: Cluster, target: Target, ground: Ground): LabCluster => {
  const { folder, host } = ground
  const ports = portsOn(ground)
  const secrets = secretsIn(folder)
  const notes = new Set<string>()
  const folders = new Set<string>()
  const below = (path: string): string => {
    folders.add(path)
    return `${folder}/${path}`
  }
  const moved = (address: Address): Address => ({ kind: 'inet', host, port: ports.of(address) })

  const stores = new Map(
    cluster.stores.map((store) => [store, moveStore(store, moved, ports, secrets, ground)]),
  )
  if (cluster.stores.some((store) => store.kind === 'redis' && store.tls))
    notes.add('Redis is asked without TLS')

  const moveServer = (server: Server): Server => {
    const { base, contextBase } = server.tomcat
    if (base !== null || contextBase !== null)
      notes.add('server.xml and context.xml are new ones, not the edited ones')
    const tomcat = {
      shutdownPort: -1,
      httpPort: null,
      ajpPort: null,
      base: null,
      contextBase: null,
    }
    return { ...server, address: moved(server.address), tomcat }
  }
  const moveUpstream = (upstream: Upstream): Upstream => ({
    ...upstream,
    affinity: withoutDomain(upstream.affinity),
    servers: upstream.servers.map(moveServer),
    app: moveApp(upstream.app, {
      storeFor: (store) => stores.get(store) ?? store,
      folderFor: (written) => below(`sessions/${written.replaceAll(/[^A-Za-z0-9]+/g, '-')}`),
      keyFor: (written) => secrets.instead(written, ground.key),
      replicationPort: () => ports.next(upstream.servers.length),
      note: (text) => notes.add(text),
    }),
  })
  const upstreams = new Map(cluster.upstreams.map((upstream) => [upstream, moveUpstream(upstream)]))

  const pair = { certificate: `${folder}/lab.crt`, key: `${folder}/lab.key` }
  const moveFrontend = (frontend: Frontend): Frontend => ({
    ...frontend,
    listeners: frontend.listeners.map((listener) => ({
      ...listener,
      address: moved(listener.address),
      tls: listener.tls && pair,
    })),
    // A browser asks for what it is told to open.
    serverNames:
      frontend.serverNames.length === 0
        ? []
        : [...new Set([...frontend.serverNames, host, 'localhost'])],
    // Whoever stands in front stands on this host; who sends no header counts by address all the same.
    clientAddress: frontend.clientAddress && { ...frontend.clientAddress, trust: ['127.0.0.0/8'] },
    locations: frontend.locations.map((location) => {
      const { action } = location
      const root = location.root === null ? null : below(filesFolder)
      if (action.kind === 'files') return { ...location, root }
      const upstream = upstreams.get(action.upstream) ?? action.upstream
      return { ...location, root, allow: [], action: { ...action, upstream } }
    }),
  })
  const frontends = cluster.frontends.map(moveFrontend)
  const hasTls = frontends.some(({ listeners }) => listeners.some(({ tls }) => tls !== null))
  const pairFiles = ['lab.crt', 'lab.key'].map((path) => ({ path, content: throwawayPair }))
  return {
    cluster: {
      ...cluster,
      targets: [target],
      frontends,
      upstreams: [...upstreams.values()],
      stores: [...stores.values()],
    },
    files: [...secrets.files, ...(hasTls ? pairFiles : [])],
    folders: [...folders],
    env: secrets.env,
    ports,
    notes: [...notes],
  }
}
