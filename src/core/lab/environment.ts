import { type Address, formatAddress } from '../model/address.ts'
import type { Cluster, Upstream } from '../model/cluster.ts'
import type { Store } from '../model/store.ts'

/** The private folder of a lab, its loopback address, and its secrets. */
export interface LabEnvironment {
  /** Absolute. */
  readonly folder: string
  readonly host: string
  /** The first of `portsNeeded` consecutive free ports. */
  readonly firstPort: number
  /** Whether programs run as root. */
  readonly isRoot: boolean
  /** A Redis without a password in the spec gets the password of the lab. */
  readonly protectsStores: boolean
  /** The password of all stores: letters and digits. */
  readonly password: string
  /** The encryption key of the replication: 32 hexadecimal digits. */
  readonly key: string
}

/** Assigns the ports of a lab. */
export interface PortAllocator {
  /** The port of an address of the spec: always the same one. */
  readonly of: (address: Address) => number
  /** The first of `count` consecutive ports for other purposes. */
  readonly next: (count: number) => number
}

export const allocatePorts = ({ firstPort }: LabEnvironment): PortAllocator => {
  const known = new Map<string, number>()
  let free = firstPort
  const next = (count: number): number => {
    const first = free
    free += count
    return first
  }
  return {
    next,
    of: (address) => {
      const key = formatAddress(address)
      const port = known.get(key) ?? next(1)
      known.set(key, port)
      return port
    },
  }
}

/** The port of an address that was moved to the lab. */
export const portIn = (address: Address): number => (address.kind === 'inet' ? address.port : 0)

/** Redis Cluster has at least three masters with two ports each; sentinels need a master. */
const portsOfStore = (store: Store): number =>
  store.kind === 'jdbc'
    ? 1
    : store.kind === 'memcached'
      ? store.servers.length
      : 2 * store.addresses.length + 6

const sumOf = <Item>(items: readonly Item[], count: (item: Item) => number): number =>
  items.reduce((sum, item) => sum + count(item), 0)

/** An upper limit of the number of ports. */
export const portsNeeded = ({ frontends, upstreams, stores }: Cluster): number =>
  sumOf(frontends, ({ listeners }) => listeners.length) +
  sumOf(upstreams, ({ servers }: Upstream) => 2 * servers.length) +
  sumOf(stores, portsOfStore)
