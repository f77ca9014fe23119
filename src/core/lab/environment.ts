import { type Address, formatAddress } from '../model/address.ts'
import type { Cluster, Upstream } from '../model/cluster.ts'
import type { Store } from '../model/store.ts'

/** The private folder of a lab, its loopback address, and its secrets. */
export interface LabEnvironment {
  /** Absolute. */
  readonly folder: string
  readonly host: string
  /** Of the whole lab: clusters with the same one have the same ports for the same addresses. */
  readonly ports: PortAllocator
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
  /** The first of `count` consecutive ports for another purpose: always the same ones. */
  readonly next: (count: number, purpose: string) => number
}

/** @param firstPort of `portsNeeded` consecutive free ports. */
export const allocatePorts = (firstPort: number): PortAllocator => {
  const known = new Map<string, { readonly first: number; readonly count: number }>()
  let free = firstPort
  const reserve = (key: string, count: number): number => {
    const before = known.get(key)
    if (before !== undefined && before.count >= count) return before.first
    const first = free
    free += count
    known.set(key, { first, count })
    return first
  }
  return {
    next: (count, purpose) => reserve(`for ${purpose}`, count),
    of: (address) => reserve(formatAddress(address), 1),
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
