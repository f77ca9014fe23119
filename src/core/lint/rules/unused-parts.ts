import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { withoutEffect } from '../../fields.ts'
import { hasSessions, storeOf } from '../../model/app.ts'
import type { Cluster, Server } from '../../model/cluster.ts'
import type { ListingRule } from '../rule.ts'

const unusedUpstreams = ({ frontends, upstreams }: Cluster): readonly Diagnostic[] => {
  const reached = new Set(
    frontends.flatMap(({ locations }) =>
      locations.flatMap(({ action }) => (action.kind === 'proxy' ? [action.upstream] : [])),
    ),
  )
  return upstreams
    .filter((upstream) => !reached.has(upstream))
    .map(({ path }) =>
      withoutEffect(
        path,
        null,
        'no location leads to this upstream, so that no request does',
        'add a location of a frontend, or write one by hand where its name is known',
      ),
    )
}

const unusedStores = ({ stores, upstreams }: Cluster): readonly Diagnostic[] => {
  const used = new Set(upstreams.map(({ app }) => storeOf(app)))
  return stores
    .filter((store) => !used.has(store))
    .map(({ path }) =>
      withoutEffect(
        path,
        null,
        'no application keeps its sessions in this store',
        'name it in app.sessions.use, or remove it',
      ),
    )
}

const saysSomething = ({ tomcat }: Server): boolean =>
  Object.values(tomcat).some((value) => value !== null)

/** Said once for an upstream, at the first server that has it. */
const tomcatsOfOthers = ({ upstreams }: Cluster): readonly Diagnostic[] =>
  upstreams.flatMap(({ app, servers }) => {
    const server = app.runtime === 'tomcat' ? undefined : servers.find(saysSomething)
    return server === undefined
      ? []
      : [
          withoutEffect(
            [...server.path, 'tomcat'],
            null,
            'the application of this upstream is no Tomcat',
            'write app: { runtime: tomcat, version: "9.0.122" }',
          ),
        ]
  })

/** What every server overrides is for none. */
const sharedBases = ({ upstreams }: Cluster): readonly Diagnostic[] =>
  upstreams.flatMap(({ app, servers }) =>
    app.runtime !== 'tomcat'
      ? []
      : (['base', 'contextBase'] as const)
          .filter((key) => app[key] !== null && servers.every(({ tomcat }) => tomcat[key] !== null))
          .map((key) =>
            withoutEffect([...app.path, 'tomcat', key], null, 'every server names its own'),
          ),
  )

/** Sentinels are asked for a master; other servers are what they are. */
const mastersOfNobody = ({ stores }: Cluster): readonly Diagnostic[] =>
  stores.flatMap((store) =>
    store.kind !== 'redis' || store.mode === 'sentinel' || store.master === null
      ? []
      : [withoutEffect([...store.path, 'master'], null, 'only mode: sentinel asks for a master')],
  )

/** The others keep sessions as they are, whatever the application says of itself. */
const webappsOfOthers = ({ upstreams }: Cluster): readonly Diagnostic[] =>
  upstreams.flatMap(({ app }) =>
    app.runtime !== 'tomcat' ||
    app.webapp === null ||
    ['delta', 'backup'].includes(app.sessions.store)
      ? []
      : [withoutEffect([...app.path, 'webapp'], null, 'only replication asks something of it')],
  )

/** What a proxy looks for in session ids, and the session cookie of the application. */
const sessionsOfNobody = ({ upstreams }: Cluster): readonly Diagnostic[] =>
  upstreams.flatMap(({ affinity, app }) => {
    if (hasSessions(app)) return []
    const isRead =
      affinity.method === 'jvm_route' || (affinity.method === 'sticky' && affinity.by === 'learn')
    const cookie = app.runtime === 'tomcat' ? app.cookie : null
    const isCookieSet =
      cookie !== null &&
      Object.entries(cookie).some(([key, value]) => key !== 'specPath' && value !== null)
    const because = 'the application has no sessions (store: none)'
    return [
      ...(isRead ? [withoutEffect(affinity.path, null, because, 'remove it')] : []),
      ...(cookie !== null && isCookieSet
        ? [withoutEffect(cookie.specPath, null, because, 'remove it')]
        : []),
    ]
  })

/** Parts of the spec that nothing else in it refers to. */
export const unusedParts: ListingRule = (cluster) => [
  ...unusedUpstreams(cluster),
  ...unusedStores(cluster),
  ...tomcatsOfOthers(cluster),
  ...sharedBases(cluster),
  ...mastersOfNobody(cluster),
  ...webappsOfOthers(cluster),
  ...sessionsOfNobody(cluster),
]
