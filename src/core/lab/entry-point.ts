import type { Address } from '../model/address.ts'
import type { Cluster, Frontend, Location, Upstream } from '../model/cluster.ts'
import { pathAtServers, pathInBrowser } from '../model/path-mapping.ts'
import { locationOf } from '../traffic/location-of.ts'

/** A URL of a frontend that leads to an upstream. */
export interface EntryPoint {
  readonly upstream: Upstream
  readonly frontend: Frontend
  /** Such as http://127.0.0.1:20000/shop/ */
  readonly url: string
  /** The Host header: a server name of the spec if it has one, otherwise the address. */
  readonly host: string
}

const contextOf = ({ app }: Upstream): string =>
  app.runtime === 'tomcat' && app.context !== '/' ? (app.context ?? '') : ''

/** Paths of common applications, as clients know them, and the paths of the locations. */
export const candidates = (upstream: Upstream, { locations }: Frontend): readonly string[] => {
  const context = contextOf(upstream)
  const mappings = new Set([null, ...locations.map(({ mapping }) => mapping)])
  const named = locations
    .filter(({ match }) => match.kind !== '~' && match.kind !== '~*')
    .flatMap(({ match: { pattern } }) => [
      pattern,
      `${pattern}${pattern.endsWith('/') ? '' : '/'}lab`,
    ])
  const usual = ['/', '/session.jsp', '/session.do', '/index.php', '/lab'].map(
    (path) => `${context}${path}`,
  )
  const known = [...mappings].flatMap((mapping) =>
    usual.map((path) => pathInBrowser(mapping, path)),
  )
  return [...known, ...named]
}

/** The location that sends requests for this path to the application of the upstream; null: none does. */
export const locationFor = (
  upstream: Upstream,
  frontend: Frontend,
  path: string,
): Location | null => {
  const location = locationOf(path, frontend)
  return location?.action.kind === 'proxy' &&
    location.action.upstream.name === upstream.name &&
    pathAtServers(location.mapping, path).startsWith(`${contextOf(upstream)}/`)
    ? location
    : null
}

const urlOf = (address: Address, isTls: boolean, path: string): string => {
  const place = address.kind === 'inet' ? `${address.host}:${address.port}` : ''
  return `${isTls ? 'https' : 'http'}://${place}${path}`
}

/** A host that matches the server name; null: it is a regular expression or a placeholder. */
const hostOf = (name: string): string | null => {
  if (name.startsWith('~') || name === '_') return null
  if (name.startsWith('*.')) return `lab${name.slice(1)}`
  const host = name.replace(/^\./, '').replace(/\.\*$/, '.test')
  return /^[\w.-]+$/.test(host) ? host : null
}

/** The domain of a cookie: without server names, clients use a host in it. */
const domainOf = ({ affinity, app }: Upstream): string | null =>
  (affinity.method === 'sticky' && affinity.by === 'cookie' ? affinity.domain : null) ??
  (app.runtime === 'none' ? null : app.cookie.domain)

const calledBy = ({ serverNames }: Frontend, upstream: Upstream): string | null =>
  serverNames.length === 0
    ? (domainOf(upstream)?.replace(/^\./, '') ?? null)
    : (serverNames.map(hostOf).find((host) => host !== null) ?? null)

/** Browsers send a Secure cookie over HTTPS only. */
const isSecure = ({ affinity, app }: Upstream): boolean =>
  (affinity.method === 'sticky' && affinity.by === 'cookie' && affinity.secure) ||
  (app.runtime !== 'none' && app.cookie.secure === true)

/** The entry points of an upstream: one for each frontend, without TLS if possible. */
export const entryPointsOf = (cluster: Cluster, upstream: Upstream): readonly EntryPoint[] =>
  cluster.frontends.flatMap((frontend) => {
    const path = candidates(upstream, frontend).find(
      (candidate) => locationFor(upstream, frontend, candidate) !== null,
    )
    if (path === undefined) return []
    const wanted = isSecure(upstream)
    const [listener] = [...frontend.listeners].sort(
      (a, b) => Number((a.tls !== null) !== wanted) - Number((b.tls !== null) !== wanted),
    )
    if (listener === undefined) return []
    const url = urlOf(listener.address, listener.tls !== null, path)
    return [
      { upstream, frontend, url, host: calledBy(frontend, upstream) ?? new URL(url).hostname },
    ]
  })

/** The entry point of an upstream that the scenarios use; null if no location proxies to it. */
export const entryPointOf = (cluster: Cluster, upstream: Upstream): EntryPoint | null => {
  const schemeOf = isSecure(upstream) ? 'https:' : 'http:'
  const found = entryPointsOf(cluster, upstream)
  return found.find(({ url }) => url.startsWith(schemeOf)) ?? found[0] ?? null
}
