import { type Address, formatAddress, isHostName } from '../model/address.ts'
import type { Cluster, Frontend, Listener, Server, Upstream } from '../model/cluster.ts'
import type { Store } from '../model/store.ts'
import type { StagedFile } from './check.ts'
import type { StandIn } from './stand-ins.ts'
import { throwawayPair } from './throwaway-pair.ts'

export interface StagedCluster {
  readonly cluster: Cluster
  /** What the cluster's artifacts need beside them. */
  readonly files: readonly StagedFile[]
  readonly standIns: readonly StandIn[]
}

/** A value of its own for each key, made when it is first asked for. */
const once = <Key, Value>(make: (key: Key, index: number) => Value) => {
  const made = new Map<Key, Value>()
  return {
    of: (key: Key): Value => {
      const known = made.get(key)
      if (known !== undefined) return known
      const value = make(key, made.size)
      made.set(key, value)
      return value
    },
    entries: (): readonly (readonly [Key, Value])[] => [...made],
  }
}

/** 127.64.0.1 and on: loopback addresses that hardly anybody uses, four million of them. */
const loopbackAddress = (index: number): string => {
  const number = index + 1
  return [127, 64 + ((number >> 16) & 63), (number >> 8) & 255, number & 255].join('.')
}

/** Literal secrets have no business in a check, nor in what a tool says about it. */
const withoutSecrets = (store: Store): Store =>
  store.kind === 'memcached' || store.password?.kind !== 'literal'
    ? store
    : { ...store, password: { kind: 'literal', value: 'not-the-secret' } }

/**
 * The cluster as it can be checked on any host, by anybody, without network: certificates are
 * throwaway ones in the stage, as are logs, each host name is a loopback address of its own (no look-up, and
 * servers stay distinct), and literal secrets are gone. Everything else is as it was.
 * @param folder of the stage, absolute.
 * @param listeners `sockets`: on unix sockets in the stage, for tools whose check binds them.
 */
export const stageCluster = (
  cluster: Cluster,
  folder: string,
  listeners: 'sockets' | 'kept',
): StagedCluster => {
  const hosts = once((_host: string, index) => loopbackAddress(index))
  const sockets = once((_address: string, index) => `${folder}/l${index}`)
  const logs = once((_file: string, index) => `${folder}/log${index}`)
  const folders = once((_folder: string, index) => `tls${index}`)
  // Names stay, for HAProxy may look for a key by the name of its certificate.
  const pairs = once((path: string, index) => {
    const slash = path.lastIndexOf('/')
    const name = path.slice(slash + 1)
    const isName = name !== '' && name !== '.' && name !== '..'
    return `${folders.of(path.slice(0, slash + 1))}/${isName ? name : index}`
  })

  const connectTo = (address: Address): Address =>
    address.kind === 'inet' && address.host !== null && isHostName(address.host)
      ? { ...address, host: hosts.of(address.host) }
      : address

  const stageServer = (server: Server): Server => {
    const address = connectTo(server.address)
    return address === server.address ? server : { ...server, address }
  }
  const upstreams = cluster.upstreams.map((upstream) => ({
    ...upstream,
    servers: upstream.servers.map(stageServer),
  }))
  const byName = new Map(upstreams.map((upstream) => [upstream.name, upstream]))
  const stagedUpstream = (upstream: Upstream): Upstream => byName.get(upstream.name) ?? upstream

  const stageListener = (listener: Listener): Listener => ({
    ...listener,
    address:
      listeners === 'sockets'
        ? { kind: 'unix', path: sockets.of(formatAddress(listener.address)) }
        : connectTo(listener.address),
    tls: listener.tls && {
      certificate: `${folder}/${pairs.of(listener.tls.certificate)}`,
      key: `${folder}/${pairs.of(listener.tls.key)}`,
    },
  })
  const stageFrontend = (frontend: Frontend): Frontend => ({
    ...frontend,
    listeners: frontend.listeners.map(stageListener),
    accessLog: frontend.accessLog && {
      ...frontend.accessLog,
      file: frontend.accessLog.file && logs.of(frontend.accessLog.file),
      syslog: frontend.accessLog.syslog && connectTo(frontend.accessLog.syslog),
    },
    locations: frontend.locations.map((location) => ({
      ...location,
      action:
        location.action.kind === 'files'
          ? location.action
          : { ...location.action, upstream: stagedUpstream(location.action.upstream) },
    })),
  })
  const frontends = cluster.frontends.map(stageFrontend)
  const stores = cluster.stores.map(withoutSecrets)
  return {
    cluster: { ...cluster, upstreams, frontends, stores },
    files: pairs.entries().map(([, path]) => ({ path, content: throwawayPair })),
    standIns: [
      ...hosts.entries().map(([original, staged]) => ({ staged, original })),
      ...sockets.entries().flatMap(([original, staged]) => [
        { staged: `unix:${staged}`, original },
        { staged, original },
      ]),
      ...logs.entries().map(([original, staged]) => ({ staged, original })),
      ...pairs.entries().map(([original, path]) => ({ staged: `${folder}/${path}`, original })),
    ],
  }
}
