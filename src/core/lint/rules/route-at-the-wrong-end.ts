import { atValue } from '../../diagnostics/diagnostic.ts'
import { hasSessions } from '../../model/app.ts'
import { report } from '../codes.ts'
import type { ListingRule } from '../rule.ts'
import { tomcatUpstreams } from '../tomcat-sessions.ts'

export const routeAtTheWrongEnd: ListingRule = (cluster) =>
  tomcatUpstreams(cluster).flatMap(({ affinity, app }) =>
    affinity.method !== 'jvm_route' || affinity.reverse || !hasSessions(app)
      ? []
      : [
          report(
            'route-at-the-wrong-end',
            atValue([...affinity.path, 'reverse']),
            'a session id of Tomcat ends with the route, and with reverse: false its beginning is compared',
            'write reverse: true, or leave it out',
          ),
        ],
  )
