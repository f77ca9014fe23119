import { atValue } from '../../diagnostics/diagnostic.ts'
import type { Location } from '../../model/cluster.ts'
import { report } from '../codes.ts'
import type { Rule } from '../rule.ts'

const restriction = ({ allow }: Location): string => [...allow].sort().join(' ')

/**
 * A proxy compares paths as they stand, Tomcat without their `;parameters`: what a location keeps
 * from others reaches the same Tomcat by another one.
 */
export const restrictionBypass: Rule = (cluster) =>
  cluster.frontends.flatMap(({ locations }) =>
    locations.flatMap((location) => {
      const { action, allow, match, path } = location
      if (action.kind !== 'proxy' || allow.length === 0) return []
      if (action.upstream.app.runtime !== 'tomcat') return []
      const other = locations.find(
        (candidate) =>
          candidate.action.kind === 'proxy' &&
          candidate.action.upstream === action.upstream &&
          restriction(candidate) !== restriction(location),
      )
      if (!other) return []
      return [
        report(
          'restriction-bypass',
          atValue([...path, 'allow']),
          `"${match.pattern}" is not kept from others: as "/x;y/" in place of "/x/", the same page is reached by "${other.match.pattern}"`,
          'restrict it in Tomcat too, with a RemoteAddrValve; there the client is known by RemoteIpValve',
        ),
      ]
    }),
  )
