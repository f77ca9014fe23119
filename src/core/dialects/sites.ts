import type { Frontend, Listener } from '../model/cluster.ts'

/** Frontends of the spec that listen on the same addresses. */
export interface Site {
  /** Never empty; in the cluster's order. */
  readonly frontends: readonly Frontend[]
  /** Each address with the listeners that name it. */
  readonly listeners: ReadonlyMap<string, readonly Listener[]>
}

/**
 * Addresses that have the same frontends belong together: there the frontends are told apart by the
 * host names that requests ask for.
 * @param addressOf equal for listeners that are one address to the server; null: left out.
 */
export const sitesOf = (
  frontends: readonly Frontend[],
  addressOf: (listener: Listener) => string | null,
): readonly Site[] => {
  const byAddress = new Map<string, { frontends: Frontend[]; listeners: Listener[] }>()
  for (const frontend of frontends) {
    for (const listener of frontend.listeners) {
      const address = addressOf(listener)
      if (address === null) continue
      const entry = byAddress.get(address) ?? { frontends: [], listeners: [] }
      if (entry.frontends.at(-1) !== frontend) entry.frontends.push(frontend)
      entry.listeners.push(listener)
      byAddress.set(address, entry)
    }
  }
  const sites = new Map<string, { frontends: Frontend[]; listeners: Map<string, Listener[]> }>()
  for (const [address, { frontends: sharing, listeners }] of byAddress) {
    const key = sharing.map(({ name }) => name).join(':')
    const site = sites.get(key) ?? { frontends: sharing, listeners: new Map() }
    site.listeners.set(address, listeners)
    sites.set(key, site)
  }
  return [...sites.values()]
}
