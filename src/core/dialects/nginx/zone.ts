import { atKey, atValue, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Upstream } from '../../model/cluster.ts'
import { sizeBytes } from '../../model/size.ts'
import { atLeast } from '../../model/version.ts'
import { report } from './codes.ts'
import type { Features } from './features.ts'
import type { Form } from './forms/form.ts'
import { serversInZone, smallestZone, zoneFor } from './units.ts'

export interface Zone {
  /** null: each worker counts for itself. */
  readonly size: string | null
  /** Says that it was added. */
  readonly diagnostics: readonly Diagnostic[]
}

/** A zone that is asked for and cannot hold its servers. */
export const zoneProblems = ({ zone, servers, path }: Upstream): readonly Diagnostic[] => {
  if (zone === null) return []
  const bytes = sizeBytes(zone)
  if (bytes >= smallestZone && servers.length <= serversInZone(bytes)) return []
  return [
    report(
      'nginx-zone-small',
      atValue([...path, 'zone']),
      `a zone of ${zone} is too small for ${servers.length === 1 ? 'a server' : `${servers.length} servers`}`,
      `write zone: ${zoneFor(servers.length)}`,
    ),
  ]
}

/** Why an upstream needs a zone that nobody asked for; null: it does not. */
const reason = (upstream: Upstream, features: Features, hasStatus: boolean): string | null => {
  if (upstream.servers.some(({ maxConns }) => maxConns !== null && maxConns > 0))
    return 'maxConns counts for each worker alone without it'
  if (features.flavor === 'nginx-plus' && upstream.check !== null) return 'health_check needs one'
  if (hasStatus && (features.flavor === 'nginx-plus' || features.flavor === 'angie'))
    return 'its status is not shown without one'
  return null
}

/** The shared memory of an upstream: as the spec has it, or as what else it says needs it. */
export const zoneOf = (
  upstream: Upstream,
  features: Features,
  form: Form,
  hasStatus: boolean,
): Zone => {
  if (upstream.zone !== null) return { size: upstream.zone, diagnostics: [] }
  const why = reason(upstream, features, hasStatus)
  if (why === null || !form.limits.zone || !atLeast(features.core, '1.9.0'))
    return { size: null, diagnostics: [] }
  const size = zoneFor(upstream.servers.length)
  const added = report(
    'nginx-zone-added',
    atKey(upstream.path),
    `the upstream "${upstream.name}" gets a shared memory zone of ${size}: ${why}`,
    `write zone: ${size} to choose its size`,
  )
  return { size, diagnostics: [added] }
}
