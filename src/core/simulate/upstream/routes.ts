import type { Upstream } from '../../model/cluster.ts'
import { type RouteReader, sessionRoutes } from '../session-id.ts'
import { variableText } from './variables.ts'

/** The route of a request, as the affinity of the spec finds it; null: the affinity has no routes. */
export const routeReaderOf = ({ affinity }: Upstream): RouteReader | null => {
  if (affinity.method === 'jvm_route') return sessionRoutes(affinity)
  if (affinity.method !== 'sticky' || affinity.by !== 'route') return null
  const variables = affinity.from.map((variable) => variableText(variable.slice(1)))
  return (routes) => (request) => {
    for (const variable of variables) {
      const value = variable(request)
      // The variables after it are not tried, also when no server has this route.
      if (value !== null && value !== '') return routes.has(value) ? value : null
    }
    return null
  }
}
