import { type Address, formatAddress } from '../model/address.ts'
import type { Cluster, Upstream } from '../model/cluster.ts'
import type { Store } from '../model/store.ts'

/** Where a lab lives: a private folder, and ports of one loopback address that nobody else uses. */
export interface LabEnvironment {
  /** Absolute. */
  readonly folder: string
  readonly host: string
  /** It and the `portsNeeded` behind it are free. */
  readonly firstPort: number
  /** Whether programs run as root. */
  readonly isRoot: boolean
  /** A Redis for which the spec has no password gets that of the lab. */
  readonly protectsStores: boolean
  /** Of every store, in letters and digits. */
  readonly password: string
  /** Of replication: 32 hex digits. */
  readonly key: string
}

/** The ports of a lab. */
export interface PortAllocator {
  /** The one that stands for an address of the spec. */
  readonly of: (address: Address) => number
  /** The first of so many in a row that stand for nothing in the spec. */
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

/** Redis Cluster needs three masters and a port beside each; a sentinel needs somebody to watch. */
const portsOfStore = (store: Store): number =>
  store.kind === 'jdbc'
    ? 1
    : store.kind === 'memcached'
      ? store.servers.length
      : 2 * store.addresses.length + 6

const sumOf = <Item>(items: readonly Item[], count: (item: Item) => number): number =>
  items.reduce((sum, item) => sum + count(item), 0)

/** No lab of this cluster asks for more ports. */
export const portsNeeded = ({ frontends, upstreams, stores }: Cluster): number =>
  sumOf(frontends, ({ listeners }) => listeners.length) +
  sumOf(upstreams, ({ servers }: Upstream) => 2 * servers.length) +
  sumOf(stores, portsOfStore)
