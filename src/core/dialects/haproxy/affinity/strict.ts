import type { Upstream } from '../../../model/cluster.ts'
import { type Acl, type Rule, rule } from '../rules.ts'

/**
 * `option persist` sends a strict session to its server even when checks call it down, and there it
 * fails; to a server that is disabled it would send it as well, so that is refused before.
 */
export const refuseDown = (
  { servers }: Upstream,
  sample: string,
): { readonly acls: readonly Acl[]; readonly rules: readonly Rule[] } => {
  const down = servers.filter(({ state }) => state === 'down').map(({ route }) => route)
  if (down.length === 0) return { acls: [], rules: [] }
  const acl: Acl = {
    name: 'down',
    sample,
    method: 'str',
    isCaseless: false,
    patterns: down,
  }
  return { acls: [acl], rules: [rule({ denyStatus: 503 }, [acl.name])] }
}
