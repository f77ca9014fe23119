import type { Cluster, Frontend, Listener } from '../../../model/cluster.ts'
import { bindAddress } from './listeners.ts'

/** Frontends of the spec that listen on the same addresses: one frontend of HAProxy. */
export interface Site {
  /** Never empty; in the cluster's order. */
  readonly frontends: readonly Frontend[]
  /** Each address with the listeners that name it. */
  readonly listeners: ReadonlyMap<string, readonly Listener[]>
}

/**
 * HAProxy would bind an address twice and let the kernel share connections out at random, where nginx
 * chooses by host name: so an address belongs to one frontend, together with all others that have the
 * same frontends of the spec.
 */
export const sitesOf = (cluster: Cluster): readonly Site[] => {
  const byAddress = new Map<string, { frontends: Frontend[]; listeners: Listener[] }>()
  for (const frontend of cluster.frontends) {
    for (const listener of frontend.listeners) {
      const address = bindAddress(listener.address)
      const entry = byAddress.get(address) ?? { frontends: [], listeners: [] }
      if (entry.frontends.at(-1) !== frontend) entry.frontends.push(frontend)
      entry.listeners.push(listener)
      byAddress.set(address, entry)
    }
  }
  const sites = new Map<string, { frontends: Frontend[]; listeners: Map<string, Listener[]> }>()
  for (const [address, { frontends, listeners }] of byAddress) {
    const key = frontends.map(({ name }) => name).join(':')
    const site = sites.get(key) ?? { frontends, listeners: new Map() }
    site.listeners.set(address, listeners)
    sites.set(key, site)
  }
  return [...sites.values()]
}
