import { atKey } from '../../diagnostics/diagnostic.ts'
import type { ListingRule } from '../rule.ts'
import { isSpread } from '../spread.ts'
import { report } from '../store-codes.ts'
import { tomcatUpstreams } from '../tomcat-sessions.ts'

export const replicationWithoutAffinity: ListingRule = (cluster) =>
  tomcatUpstreams(cluster).flatMap((upstream) => {
    const { store, path } = upstream.app.sessions
    if ((store !== 'delta' && store !== 'backup') || !isSpread(upstream)) return []
    const message =
      store === 'delta'
        ? 'the next request may reach a server before the change does'
        : 'most requests reach a server that has to fetch the session from another one'
    const help = 'write affinity: { method: jvm_route }'
    return [report('replication-without-affinity', atKey(path), message, help)]
  })
