import type { SpecPath } from '../diagnostics/diagnostic.ts'
import type { Cluster, Frontend, Match, Upstream } from '../model/cluster.ts'
import { type PathMapping, pathInBrowser } from '../model/path-mapping.ts'
import { sessionCookieOf } from '../model/session-cookie.ts'

/** Whether a target treats two cookies as one: nginx ignores case in cookie names. */
export const isOneCookie = (a: string, b: string, { targets }: Cluster): boolean =>
  a === b ||
  (a.toLowerCase() === b.toLowerCase() && targets.some(({ dialect }) => dialect === 'nginx'))

/** The cookie, of a request or of a response, that an nginx variable holds; null: none. */
export const cookieOfVariable = (variable: string): string | null =>
  /^\$\{?(?:upstream_)?cookie_(?<name>\w+)\}?$/.exec(variable)?.groups?.['name'] ?? null

/** A cookie that a browser receives from an upstream and is expected to send back. */
export interface BrowserCookie {
  readonly upstream: Upstream
  readonly name: string
  /** null: valid for the host alone. */
  readonly domain: string | null
  readonly path: string
  /** true: set by the proxy; false: set by the application. */
  readonly isAffinity: boolean
  /** Where the spec names it. */
  readonly at: SpecPath
}

/** null where the application chooses the path. */
const sessionPath = ({ app }: Upstream): string | null =>
  app.runtime === 'none'
    ? null
    : (app.cookie.path ?? (app.runtime === 'tomcat' ? app.context : '/'))

const sessionCookies = (
  upstream: Upstream,
  locations: LocationsByUpstream,
): readonly BrowserCookie[] => {
  const { app } = upstream
  const name = sessionCookieOf(app)
  const path = sessionPath(upstream)
  if (app.runtime === 'none' || name === null || path === null) return []
  const { domain, specPath } = app.cookie
  const isWritten = app.runtime === 'tomcat' || app.cookie.name !== null
  const at = isWritten ? [...specPath, 'name'] : app.path
  const mappings = locations.get(upstream)?.map(({ mapping }) => mapping) ?? [null]
  const paths = new Set(mappings.map((mapping) => pathInBrowser(mapping, path)))
  return [...paths].map((each) => ({ upstream, name, domain, path: each, isAffinity: false, at }))
}

const affinityCookies = (upstream: Upstream): readonly BrowserCookie[] => {
  const { affinity } = upstream
  if (affinity.method !== 'sticky' || affinity.by !== 'cookie' || affinity.mode !== 'insert')
    return []
  const { cookie: name, cookiePath, domain, path } = affinity
  const at = [...path, 'cookie']
  return [{ upstream, name, domain, path: cookiePath, isAffinity: true, at }]
}

export const cookiesOf = (
  upstream: Upstream,
  locations: LocationsByUpstream,
): readonly BrowserCookie[] => [
  ...affinityCookies(upstream),
  ...sessionCookies(upstream, locations),
]

/** A location that proxies to an upstream. */
export interface ProxiedLocation {
  readonly frontend: Frontend
  readonly match: Match
  readonly mapping: PathMapping | null
}

export type LocationsByUpstream = ReadonlyMap<Upstream, readonly ProxiedLocation[]>

export const locationsByUpstream = ({ frontends }: Cluster): LocationsByUpstream => {
  const found = new Map<Upstream, ProxiedLocation[]>()
  for (const frontend of frontends) {
    for (const { action, mapping, match } of frontend.locations) {
      if (action.kind !== 'proxy') continue
      const known = found.get(action.upstream) ?? []
      known.push({ frontend, mapping, match })
      found.set(action.upstream, known)
    }
  }
  return found
}

/** The host names on which a cookie is set; null: it is set or received on others as well. */
const hostsOf = (
  { domain, upstream }: BrowserCookie,
  locations: LocationsByUpstream,
): readonly string[] | null => {
  if (domain !== null) return null
  const hosts: string[] = []
  for (const { frontend } of locations.get(upstream) ?? []) {
    const { serverNames } = frontend
    if (serverNames.length === 0 || serverNames.some((name) => /[~*]|^\./.test(name))) return null
    hosts.push(...serverNames.map((name) => name.toLowerCase()))
  }
  return hosts
}

interface SameName {
  readonly all: BrowserCookie[]
  /** On hosts that are no list of names: compared with every other cookie. */
  readonly anywhere: BrowserCookie[]
  readonly byHost: Map<string, BrowserCookie[]>
}

/** Finds the cookies that can collide with another: with 1,000 hosts, comparing all pairs takes seconds. */
export const cookieIndex = (locations: LocationsByUpstream) => {
  const byName = new Map<string, SameName>()
  return {
    add: (cookie: BrowserCookie): void => {
      const name = cookie.name.toLowerCase()
      const known: SameName = byName.get(name) ?? { all: [], anywhere: [], byHost: new Map() }
      byName.set(name, known)
      known.all.push(cookie)
      const hosts = hostsOf(cookie, locations)
      if (hosts === null) known.anywhere.push(cookie)
      for (const host of new Set(hosts ?? [])) {
        const same = known.byHost.get(host) ?? []
        same.push(cookie)
        known.byHost.set(host, same)
      }
    },
    candidatesFor: (cookie: BrowserCookie): readonly BrowserCookie[] => {
      const known = byName.get(cookie.name.toLowerCase())
      if (known === undefined) return []
      const hosts = hostsOf(cookie, locations)
      if (hosts === null) return known.all
      const { byHost, anywhere } = known
      return [...new Set([...hosts.flatMap((host) => byHost.get(host) ?? []), ...anywhere])]
    },
  }
}
