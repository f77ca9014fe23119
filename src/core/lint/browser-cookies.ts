import type { SpecPath } from '../diagnostics/diagnostic.ts'
import type { Cluster, Frontend, Match, Upstream } from '../model/cluster.ts'
import { sessionCookieOf } from '../model/session-cookie.ts'

/** A cookie that a browser gets from an upstream and is expected to bring back. */
export interface BrowserCookie {
  readonly upstream: Upstream
  readonly name: string
  /** null: of the host alone. */
  readonly domain: string | null
  readonly path: string
  /** The proxy's own; false: the application's. */
  readonly isAffinity: boolean
  /** Where the spec names it. */
  readonly at: SpecPath
}

/** null where its path is the application's own choice. */
const sessionPath = ({ app }: Upstream): string | null =>
  app.runtime === 'tomcat' ? (app.cookie.path ?? app.context) : '/'

const sessionCookies = (upstream: Upstream): readonly BrowserCookie[] => {
  const { app } = upstream
  const name = sessionCookieOf(app)
  const path = sessionPath(upstream)
  if (app.runtime === 'none' || name === null || path === null) return []
  const domain = app.runtime === 'tomcat' ? app.cookie.domain : null
  const at = app.runtime === 'tomcat' ? [...app.cookie.specPath, 'name'] : app.path
  return [{ upstream, name, domain, path, isAffinity: false, at }]
}

/** Where the proxy sets a cookie of its own. */
const affinityCookies = (upstream: Upstream): readonly BrowserCookie[] => {
  const { affinity } = upstream
  if (affinity.method !== 'sticky' || affinity.by !== 'cookie' || affinity.mode !== 'insert')
    return []
  const { cookie: name, cookiePath, domain, path } = affinity
  const at = [...path, 'cookie']
  return [{ upstream, name, domain, path: cookiePath, isAffinity: true, at }]
}

export const cookiesOf = (upstream: Upstream): readonly BrowserCookie[] => [
  ...affinityCookies(upstream),
  ...sessionCookies(upstream),
]

/** A location that leads to an upstream. */
export interface Way {
  readonly frontend: Frontend
  readonly match: Match
}

export type Ways = ReadonlyMap<Upstream, readonly Way[]>

export const waysTo = ({ frontends }: Cluster): Ways => {
  const ways = new Map<Upstream, Way[]>()
  for (const frontend of frontends) {
    for (const { action, match } of frontend.locations) {
      if (action.kind !== 'proxy') continue
      const known = ways.get(action.upstream) ?? []
      known.push({ frontend, match })
      ways.set(action.upstream, known)
    }
  }
  return ways
}
