import {
  haproxyEntries,
  proxyHeaderIn,
  takesClientAddress,
} from '../../../../config/haproxy/client-address.ts'
import type { HaproxySection } from '../../../../config/haproxy/config.ts'
import { report } from '../../codes.ts'
import type { HaproxyRule } from '../../rule.ts'
import { backendsOf, placeIn, serversOf } from '../view.ts'

/** A header that only a proxy in front sets; null: the section takes the address of the client. */
const proxyHeader = (section: HaproxySection): string | null =>
  takesClientAddress(section) ? null : proxyHeaderIn(section)

/** All clients of a CDN have its addresses. */
export const haproxySourceBehindProxy: HaproxyRule = (file, findings) => {
  const entries = haproxyEntries(file.config)
  const headers = new Map<HaproxySection, string | null>()
  for (const backend of backendsOf(file)) {
    const balance = backend.lines.find(
      ({ name, args }) => name === 'balance' && args[0] === 'source',
    )
    const [entry, ...others] =
      backend.keyword === 'listen' ? [backend] : (entries.get(backend.name ?? '') ?? [])
    if (balance === undefined || entry === undefined || others.length > 0) continue
    const known = headers.get(entry)
    const header = known === undefined ? proxyHeader(entry) : known
    headers.set(entry, header)
    if (header === null || serversOf(backend).length < 2) continue
    report(
      findings,
      'ip-hash-shared-address',
      placeIn(file, balance, 0),
      `"balance source" sees the address of the proxy in front, which sets the ${header} that ${entry.keyword} "${entry.name ?? ''}" reads: all of its clients are sent to one server`,
      'add http-request set-src with the header of the client address, for requests of the proxy only',
    )
  }
}
