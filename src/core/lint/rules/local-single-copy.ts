import { atKey } from '../../diagnostics/diagnostic.ts'
import { report } from '../codes.ts'
import type { Rule } from '../rule.ts'
import { localTomcats } from '../tomcat-sessions.ts'

export const localSingleCopy: Rule = (cluster) =>
  localTomcats(cluster)
    .filter(({ affinity }) => affinity.method !== 'none')
    .map(({ app, name }) =>
      report(
        'local-single-copy',
        atKey(app.path),
        `when a server of "${name}" dies, its sessions are gone: there is no other copy`,
        'name a shared store or replication in app.sessions, if that matters',
      ),
    )
