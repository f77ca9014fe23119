import type { Cluster, Frontend, Location, Upstream } from '../../model/cluster.ts'
import { needsLocalPeer } from '../../model/loopback-only.ts'
import { withoutHostBits } from '../../model/network.ts'
import { isRestricted } from '../location-order.ts'
import {
  guardedLocations,
  hiddenSegmentsRaw,
  innerParametersRaw,
  restrictsPaths,
  routesByPath,
} from '../path-parameters.ts'
import { placeholderHost } from '../sites.ts'
import { accessLogView } from './access-log.ts'
import { healthCheck } from './check.ts'
import type { Client } from './client.ts'
import type { Features } from './features.ts'
import type { Part } from './forms/form.ts'
import { headersHash, headerViews } from './headers.ts'
import { needsKeepaliveHeaders } from './keepalive.ts'
import { listenerViews, tlsView } from './listeners.ts'
import { nextUpstreamView } from './next-upstream.ts'
import { statusView } from './status.ts'
import type { LocalPeerView, LocationView, ProxyView, ServerView } from './views.ts'

type PartOf = (upstream: Upstream) => Part

const proxyView = (upstream: Upstream, part: Part, features: Features): ProxyView => ({
  to: `http://${part.passTo}`,
  isVariable: part.isVariable,
  ...nextUpstreamView(upstream),
  userid: part.userid,
  hideCookie: part.hideCookieOf === null ? null : `upstream=${part.hideCookieOf}`,
  healthCheck: healthCheck(upstream, features, part),
})

const locationView = (
  frontend: Frontend,
  location: Location,
  features: Features,
  partOf: PartOf,
  localPeer: LocalPeerView | null,
): LocationView => {
  const { match, action, root, index } = location
  const isLocal = needsLocalPeer(frontend, location)
  const allow = isLocal && !features.knowsPeer ? [] : location.allow
  return {
    modifier: match.kind === 'prefix' ? null : match.kind,
    pattern: match.pattern,
    root,
    index,
    allow: allow.map((network) => (network === 'all' ? network : withoutHostBits(network))),
    isClosed: isRestricted(location),
    localPeer: isLocal ? (localPeer?.variable ?? null) : null,
    status:
      action.kind === 'status'
        ? statusView(action.upstream, features, partOf(action.upstream))
        : null,
    proxy:
      action.kind === 'proxy'
        ? proxyView(action.upstream, partOf(action.upstream), features)
        : null,
  }
}

/** Request targets that could lead past the locations, as expressions. */
const refusedTargets = (frontend: Frontend): readonly string[] => [
  ...(routesByPath(frontend) ? [hiddenSegmentsRaw] : []),
  ...(restrictsPaths(frontend) ? [innerParametersRaw] : []),
]

/**
 * One `server` block. The headers stand there once for all its locations.
 * @param shared the sockets that others listen on as well.
 */
export const serverView = (
  cluster: Cluster,
  frontend: Frontend,
  shared: ReadonlySet<string>,
  features: Features,
  partOf: PartOf,
  client: Client,
  localPeer: LocalPeerView | null,
): ServerView => {
  const proxied = frontend.locations.flatMap(({ action }) =>
    action.kind === 'proxy' ? [action.upstream] : [],
  )
  const isKeepalive = proxied.some((upstream) => needsKeepaliveHeaders(upstream, features))
  const { clientAddress } = frontend
  const isForAll = frontend.serverNames.length === 0 && proxied.length > 0
  return {
    frontend: frontend.name,
    listeners: listenerViews(frontend, shared),
    serverNames: isForAll ? [placeholderHost(frontend)] : frontend.serverNames,
    isForAll,
    tls: tlsView(frontend.listeners, features),
    accessLog: accessLogView(cluster, frontend, [...new Set(proxied)], partOf),
    realIp:
      clientAddress === null
        ? null
        : { trust: clientAddress.trust.map(withoutHostBits), header: clientAddress.header },
    isKeepalive,
    headers:
      proxied.length === 0 ? [] : headerViews(frontend, client.headersOf(frontend), isKeepalive),
    headersHash: proxied.length === 0 ? null : headersHash(frontend),
    refusedTargets: refusedTargets(frontend),
    locations: guardedLocations(frontend).map((location) =>
      locationView(frontend, location, features, partOf, localPeer),
    ),
  }
}
