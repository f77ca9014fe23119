import type { Cluster, Upstream } from '../model/cluster.ts'
import { keepsOwnSessions } from '../model/own-sessions.ts'
import { isChanging, kindsInKey, type VariableKind } from '../model/variables.ts'
import { atLeast } from '../model/version.ts'

/** The key of the hash, whether the spec sets it as affinity or as balance; null: no hash. */
export const hashKeyOf = ({ affinity, balance }: Upstream): string | null => {
  if (affinity.method === 'hash') return affinity.key
  return affinity.method === 'none' && balance.kind === 'hash' ? balance.key : null
}

/** Variables whose value differs between two requests of one client. */
const spreading: ReadonlySet<VariableKind | null> = new Set([
  'page',
  'request',
  'connection',
  'time',
  'response',
])

/**
 * Whether two requests of one client may reach different servers while all servers are up. False where
 * the key of an affinity changes: the rule `affinityKey` reports that.
 */
export const isSpread = (upstream: Upstream): boolean => {
  if (upstream.servers.filter(({ state }) => state === 'up').length < 2) return false
  const key = hashKeyOf(upstream)
  if (key === null) return upstream.affinity.method === 'none'
  const kinds = kindsInKey(key).map(({ kind }) => kind)
  if (upstream.affinity.method === 'hash' && kinds.some(isChanging)) return false
  return kinds.some((kind) => spreading.has(kind))
}

/** Whether a session that started on one of several servers is unknown to the others. */
export const isKeptByEach = ({ app, servers }: Upstream): boolean =>
  servers.length > 1 && keepsOwnSessions(app)

/** From this release on, nginx sets affinity cookies itself. */
const stickySince = '1.29.6'
const newestNginx = '1.30.6'

const isTooOldForSticky = ({ targets }: Cluster): boolean => {
  const nginx = targets.find((target) => target.dialect === 'nginx')
  if (nginx?.dialect !== 'nginx' || nginx.flavor !== 'nginx') return false
  return (
    !atLeast(nginx.version, stickySince) && ![...nginx.modules].some((name) => /sticky/.test(name))
  )
}

/** The remedy that makes affinity independent of the route; an nginx that is too old for it is to be replaced as well. */
export const stickyCookieRemedy = (cluster: Cluster): string => {
  const remedy = 'write affinity: { method: sticky, by: cookie, cookie: srv_id }'
  return isTooOldForSticky(cluster)
    ? `${remedy}, and version: "${newestNginx}" for nginx, which supports affinity cookies since ${stickySince}`
    : remedy
}
