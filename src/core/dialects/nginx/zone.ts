import { atKey, atValue } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import type { Server, Upstream } from '../../model/cluster.ts'
import { isPool, maxAddressesOf } from '../../model/resolver.ts'
import { sizeBytes } from '../../model/size.ts'
import { atLeast } from '../../model/version.ts'
import { report } from './codes.ts'
import type { Features } from './features.ts'

const page = 4096

/** nginx refuses shared memory zones of less than eight pages. */
export const smallestZone = 8 * page

/** Measured on 1.18 to 1.30: at most five servers per page, in addition to the zone itself. */
export const serversInZone = (bytes: number): number => Math.floor((bytes / page) * 5.2) - 17

/** The size of a zone that holds so many servers. */
export const zoneFor = (servers: number): string =>
  `${Math.max(64, Math.ceil((servers + 20) / 4) * (page / 1024))}k`

/** Servers with `resolve` count once for each address. */
const countOf = (servers: readonly Server[]): number =>
  servers.reduce((sum, server) => sum + (isPool(server) ? maxAddressesOf(server) : 1), 0)

export const checkZone = ({ zone, servers, path }: Upstream, findings: Findings): void => {
  if (zone === null) return
  const bytes = sizeBytes(zone)
  const count = countOf(servers)
  if (bytes >= smallestZone && count <= serversInZone(bytes)) return
  report(
    findings,
    'nginx-zone-small',
    atValue([...path, 'zone']),
    `a zone of ${zone} is too small for ${count === 1 ? '1 server' : `${count} servers`}`,
    `write zone: ${zoneFor(count)}`,
  )
}

/** Why an upstream without `zone` needs one; null: it does not. */
const reasonFor = (upstream: Upstream, features: Features, hasStatus: boolean): string | null => {
  if (upstream.servers.some(({ resolves }) => resolves)) return '"resolve" requires it'
  if (upstream.servers.some(({ maxConns }) => maxConns !== null && maxConns > 0))
    return 'without it each worker counts "maxConns" separately'
  if (features.flavor === 'nginx-plus' && upstream.check !== null)
    return '"health_check" requires it'
  if (hasStatus && (features.flavor === 'nginx-plus' || features.flavor === 'angie'))
    return 'the status page requires it'
  return null
}

/** The size of the zone of an upstream: from the spec, or added where another setting requires it. */
export const zoneOf = (
  upstream: Upstream,
  features: Features,
  supportsZone: boolean,
  hasStatus: boolean,
  findings: Findings,
): string | null => {
  if (upstream.zone !== null) return upstream.zone
  const reason = reasonFor(upstream, features, hasStatus)
  if (reason === null || !supportsZone || !atLeast(features.base, '1.9.0')) return null
  const size = zoneFor(countOf(upstream.servers))
  report(
    findings,
    'nginx-zone-added',
    atKey(upstream.path),
    `a shared memory zone of ${size} was added to upstream "${upstream.name}": ${reason}`,
    `write zone: ${size} to choose its size`,
  )
  return size
}
