import { atValue } from '../../diagnostics/diagnostic.ts'
import type { App } from '../../model/app.ts'
import type { Location, Upstream } from '../../model/cluster.ts'
import { report } from '../codes.ts'
import type { Rule } from '../rule.ts'

const restriction = ({ allow }: Location): string => [...allow].sort().join(' ')

/** The first locations that lead to an upstream, for two different sets of clients. */
const waysTo = (
  locations: readonly Location[],
): ReadonlyMap<Upstream, readonly [Location, ...Location[]]> => {
  const ways = new Map<Upstream, [Location, ...Location[]]>()
  for (const location of locations) {
    if (location.action.kind !== 'proxy') continue
    const { upstream } = location.action
    const known = ways.get(upstream)
    if (!known) ways.set(upstream, [location])
    else if (known.length === 1 && restriction(known[0]) !== restriction(location))
      known.push(location)
  }
  return ways
}

/** Spring Boot has a Tomcat in it. */
const remedies: Partial<Readonly<Record<App['runtime'], string>>> = {
  tomcat:
    'restrict it in Tomcat too, with a RemoteAddrValve; there the client is known by RemoteIpValve',
  spring: 'restrict it in the application too, such as with Spring Security',
}

/**
 * A proxy compares paths as they stand, Tomcat without their `;parameters`: what a location keeps
 * from others reaches the same Tomcat by another one.
 */
export const restrictionBypass: Rule = (cluster) =>
  cluster.frontends.flatMap(({ locations }) => {
    const ways = waysTo(locations)
    return locations.flatMap((location) => {
      const { action, allow, match, path } = location
      if (action.kind !== 'proxy' || allow.length === 0) return []
      const remedy = remedies[action.upstream.app.runtime]
      if (remedy === undefined) return []
      const other = ways
        .get(action.upstream)
        ?.find((way) => restriction(way) !== restriction(location))
      if (!other) return []
      return [
        report(
          'restriction-bypass',
          atValue([...path, 'allow']),
          `"${match.pattern}" is not kept from others: as "/x;y/" in place of "/x/", the same page is reached by "${other.match.pattern}"`,
          remedy,
        ),
      ]
    })
  })
