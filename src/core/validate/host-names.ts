import type { Address } from '../model/address.ts'
import type { Cluster } from '../model/cluster.ts'
import { isHostName } from '../model/ip.ts'
import type { Store } from '../model/store.ts'

const namesIn = (addresses: readonly (Address | null)[]): readonly string[] => [
  ...new Set(
    addresses.flatMap((address) =>
      address?.kind === 'inet' && address.host !== null && isHostName(address.host)
        ? [address.host]
        : [],
    ),
  ),
]

const addressesOf = (store: Store): readonly Address[] => {
  switch (store.kind) {
    case 'redis':
      return store.addresses
    case 'memcached':
      return store.servers.map(({ address }) => address)
    case 'jdbc':
      return []
  }
}

const serversOf = ({ upstreams }: Cluster): readonly Address[] =>
  upstreams.flatMap(({ servers }) => servers.map(({ address }) => address))

/** Host names in the files of a proxy. */
export const hostNamesOfProxies = (cluster: Cluster): readonly string[] =>
  namesIn([
    ...cluster.frontends.flatMap(({ listeners, accessLog }) => [
      ...listeners.map(({ address }) => address),
      accessLog?.syslog ?? null,
    ]),
    ...serversOf(cluster),
  ])

/** Host names in the files of application servers: of each other, and of stores. */
export const hostNamesOfServers = (cluster: Cluster): readonly string[] =>
  namesIn([...serversOf(cluster), ...cluster.stores.flatMap(addressesOf)])

const mostNames = 3

/** Host names resolve on the host where the server runs, and perhaps not here. */
export const notResolved = (names: readonly string[]): readonly string[] => {
  if (names.length === 0) return []
  const shown = names.slice(0, mostNames).join(', ')
  const more = names.length > mostNames ? ` and ${names.length - mostNames} more` : ''
  return [`host names were not resolved: ${shown}${more}`]
}
