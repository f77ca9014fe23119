import { inOrder } from '../dialects/location-order.ts'
import type { Address } from '../model/address.ts'
import type { Cluster, Frontend, Location, Upstream } from '../model/cluster.ts'

/** Where a browser comes in. */
export interface Entrance {
  readonly frontend: Frontend
  /** Such as http://127.0.0.1:20000/shop/ */
  readonly url: string
  /** What a browser calls the host: a name of the spec where it has one, else the address. */
  readonly host: string
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

/** A host that the name stands for; null: it is an expression, or no name. */
const hostOf = (name: string): string | null => {
  if (name.startsWith('~') || name === '_') return null
  if (name.startsWith('*.')) return `lab${name.slice(1)}`
  const host = name.replace(/^\./, '').replace(/\.\*$/, '.test')
  return /^[\w.-]+$/.test(host) ? host : null
}

/** The domain of a cookie: where every host is served, a browser that has the cookie is below it. */
const domainOf = ({ affinity, app }: Upstream): string | null =>
  (affinity.method === 'sticky' && affinity.by === 'cookie' ? affinity.domain : null) ??
  (app.runtime === 'tomcat' ? app.cookie.domain : null)

const calledBy = ({ serverNames }: Frontend, upstream: Upstream): string | null =>
  serverNames.length === 0
    ? (domainOf(upstream)?.replace(/^\./, '') ?? null)
    : (serverNames.map(hostOf).find((host) => host !== null) ?? null)

/** A browser keeps a Secure cookie for HTTPS only. */
const isSecure = ({ affinity }: Upstream): boolean =>
  affinity.method === 'sticky' && affinity.by === 'cookie' && affinity.secure

/** The ways to an upstream, one through each frontend, without TLS if there is one. */
export const entrancesOf = (cluster: Cluster, upstream: Upstream): readonly Entrance[] =>
  cluster.frontends.flatMap((frontend) => {
    const path = candidates(upstream, frontend).find((candidate) => {
      const action = locationOf(candidate, frontend)?.action
      return action?.kind === 'proxy' && action.upstream.name === upstream.name
    })
    if (path === undefined) return []
    const wanted = isSecure(upstream)
    const [listener] = [...frontend.listeners].sort(
      (a, b) => Number((a.tls !== null) !== wanted) - Number((b.tls !== null) !== wanted),
    )
    if (listener === undefined) return []
    const url = urlOf(listener.address, listener.tls !== null, path)
    return [{ frontend, url, host: calledBy(frontend, upstream) ?? new URL(url).hostname }]
  })

/** The way to an upstream that the scenarios take; null when no location leads there. */
export const entranceOf = (cluster: Cluster, upstream: Upstream): Entrance | null => {
  const schemeOf = isSecure(upstream) ? 'https:' : 'http:'
  const found = entrancesOf(cluster, upstream)
  return found.find(({ url }) => url.startsWith(schemeOf)) ?? found[0] ?? null
}
