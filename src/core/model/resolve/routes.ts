import { atKey } from '../../diagnostics/diagnostic.ts'
import type { Spec } from '../../spec/schema/index.ts'
import type { Upstream } from '../cluster.ts'
import { routeFor } from '../route.ts'
import { type Issues, report } from './issues.ts'

/** Names that cannot be routes, where a route is written or read. */
export const checkRoutes = (
  { affinity, app, servers }: Upstream,
  written: Spec['upstreams'][string]['servers'],
  issues: Issues,
): void => {
  const isRead =
    affinity.method === 'jvm_route' || (affinity.method === 'sticky' && affinity.by === 'route')
  const isSet = affinity.method === 'sticky' && affinity.by === 'cookie'
  if (!isRead && !isSet && app.runtime !== 'tomcat') return
  for (const { name, route, path } of servers) {
    const own = written[name]
    const isWritten = typeof own === 'object' && own.route !== undefined
    if (isWritten || route === name || route !== routeFor(name)) continue
    const message = `the route of "${name}" is "${route}": a route has at most 32 letters, digits, "_" and "-"`
    // sessctl writes the route on both sides, or on one side only.
    const isKnown = app.runtime === 'tomcat' || !isRead
    issues.push(
      isKnown
        ? report('route-derived', atKey(path), message, `write route: ${route}, or another one`)
        : report(
            'route-guessed',
            atKey(path),
            message,
            'write route: with the value that this server has as its own, such as its jvmRoute',
          ),
    )
  }
}
