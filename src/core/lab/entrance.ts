import { inOrder } from '../dialects/location-order.ts'
import type { Address } from '../model/address.ts'
import type { Cluster, Frontend, Location, Upstream } from '../model/cluster.ts'

/** Where a browser comes in. */
export interface Entrance {
  readonly frontend: Frontend
  /** Such as http://127.0.0.1:20000/shop/ */
  readonly url: string
}

const matches = ({ match: { kind, pattern } }: Location, path: string): boolean => {
  switch (kind) {
    case '=':
      return path === pattern
    case 'prefix':
    case '^~':
      return path.startsWith(pattern)
    default:
      try {
        return new RegExp(pattern, kind === '~*' ? 'i' : '').test(path)
      } catch {
        // An expression that only PCRE has.
        return false
      }
  }
}

/** nginx's choice; a `^~` gives way where a longer plain prefix matches, and expressions come first. */
const locationOf = (path: string, { locations }: Frontend): Location | null =>
  inOrder(locations).find(
    ({ location, longer }) =>
      matches(location, path) && !longer.some((prefix) => path.startsWith(prefix)),
  )?.location ?? null

/** What applications of every kind are asked for, and what the locations name themselves. */
const candidates = (upstream: Upstream, { locations }: Frontend): readonly string[] => {
  const { app } = upstream
  const context = app.runtime === 'tomcat' && app.context !== '/' ? (app.context ?? '') : ''
  const named = locations
    .filter(({ match }) => match.kind !== '~' && match.kind !== '~*')
    .flatMap(({ match: { pattern } }) => [
      pattern,
      `${pattern}${pattern.endsWith('/') ? '' : '/'}lab`,
    ])
  const usual = ['/', '/session.jsp', '/session.do', '/index.php', '/lab'].map(
    (path) => `${context}${path}`,
  )
  return [...usual, ...named].filter((path) => path.startsWith(`${context}/`))
}

const urlOf = (address: Address, isTls: boolean, path: string): string => {
  const place = address.kind === 'inet' ? `${address.host}:${address.port}` : ''
  return `${isTls ? 'https' : 'http'}://${place}${path}`
}

/** The way to an upstream, without TLS if there is one; null when no location leads there. */
export const entranceOf = (cluster: Cluster, upstream: Upstream): Entrance | null => {
  const found = cluster.frontends.flatMap((frontend) => {
    const path = candidates(upstream, frontend).find((candidate) => {
      const action = locationOf(candidate, frontend)?.action
      return action?.kind === 'proxy' && action.upstream.name === upstream.name
    })
    if (path === undefined) return []
    return frontend.listeners.map(({ address, tls }) => ({
      frontend,
      isTls: tls !== null,
      url: urlOf(address, tls !== null, path),
    }))
  })
  const [first = null] = found.sort((a, b) => Number(a.isTls) - Number(b.isTls))
  return first && { frontend: first.frontend, url: first.url }
}
