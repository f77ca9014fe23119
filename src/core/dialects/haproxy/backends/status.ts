import type { Cluster } from '../../../model/cluster.ts'
import { isPrefix } from '../../location-order.ts'
import { statusBackendName } from '../names.ts'

/** HAProxy's statistics page for one upstream, in a backend of its own. */
export interface StatusView {
  readonly name: string
  readonly uri: string
  readonly scope: string
}

export const statusViews = ({ frontends }: Cluster): readonly StatusView[] =>
  frontends.flatMap((frontend) =>
    frontend.locations.flatMap((location) => {
      const { action, match } = location
      if (action.kind !== 'status') return []
      const isPath = isPrefix(location) || match.kind === '='
      return [
        {
          name: statusBackendName(frontend.name, location),
          // The page is shown below its path; the links on it lead there.
          uri: isPath ? match.pattern : '/',
          scope: action.upstream.name,
        },
      ]
    }),
  )
