import { atKey } from '../../diagnostics/diagnostic.ts'
import type { Affinity } from '../../model/affinity.ts'
import { report } from '../codes.ts'
import type { ListingRule } from '../rule.ts'
import { isKeptByEach } from '../spread.ts'

const remapping = (affinity: Affinity): string | null => {
  if (affinity.method === 'ip_hash') return 'ip_hash'
  return affinity.method === 'hash' && !affinity.consistent ? 'hash without "consistent"' : null
}

export const localRemapped: ListingRule = (cluster) =>
  cluster.upstreams.filter(isKeptByEach).flatMap(({ affinity }) => {
    const method = remapping(affinity)
    if (method === null) return []
    return [
      report(
        'local-remapped',
        atKey(affinity.path),
        `with ${method} most clients move when a server is added or removed, and lose their sessions`,
        'jvm_route and sticky leave every session where it is',
      ),
    ]
  })
