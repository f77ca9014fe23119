import type { Location, Server, Upstream } from '../../model/cluster.ts'
import { hasParameters } from '../path-parameters.ts'

/**
 * Names that cannot be those of an upstream or frontend of the spec, which have no colon: HAProxy
 * keeps frontends and backends in one space of names (a warning from 3.2, an error from 3.3).
 */
export const notFound = 'sessctl::not-found'
export const forbidden = 'sessctl::forbidden'

/** Sections that a cluster has at most one of. */
export const peersName = 'sessctl'
export const userlistName = 'sessctl'
export const resolversName = 'sessctl'

/** The HAProxy frontend for the frontends of the spec that share listeners. */
export const frontendName = (names: readonly string[], upstreams: ReadonlySet<string>): string => {
  const joined = names.join(':')
  return upstreams.has(joined) ? `${joined}::frontend` : joined
}

/** Names a location by its frontend and its number, from 1: `web:2`; the third of several matches is `web:2.3`. */
export const locationName = (frontend: string, location: Location): string => {
  const { matchNumber, path } = location
  const match = matchNumber === null ? '' : `.${matchNumber}`
  return `${frontend}:${Number(path.at(-1)) + 1}${match}${hasParameters(location) ? ':parameters' : ''}`
}

export const statusBackendName = (frontend: string, location: Location): string =>
  `${locationName(frontend, location)}:status`

/** The backend with the answer of a location. */
export const answerBackendName = (frontend: string, location: Location): string =>
  `${locationName(frontend, location)}:answer`

/** Where requests name their server, its HAProxy name is the route. */
export const serverName = (server: Server, { affinity }: Upstream): string => {
  const isNamed =
    affinity.method === 'jvm_route' || (affinity.method === 'sticky' && affinity.by === 'route')
  return isNamed ? server.route : server.name
}
