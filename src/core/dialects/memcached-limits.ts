import { atValue, type Place } from '../diagnostics/diagnostic.ts'
import { formatAddress } from '../model/address.ts'
import { isIpv6 } from '../model/ip.ts'
import type { MemcachedStore } from '../model/store.ts'

/** Reports sockets and IPv6 addresses, for clients that separate host and port at the first colon. */
export const checkMemcachedAddresses = (
  { servers, path }: MemcachedStore,
  report: (at: Place, address: string, help: string) => void,
): void => {
  const help = 'use an IPv4 address or a host name, and a port'
  for (const { name, address } of servers)
    if (address.kind !== 'inet' || isIpv6(address.host ?? ''))
      report(atValue([...path, 'servers', name]), formatAddress(address), help)
}
