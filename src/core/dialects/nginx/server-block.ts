import type { Cluster, Frontend, Location, Upstream } from '../../model/cluster.ts'
import { headersOfLocation } from '../../model/request-texts.ts'
import {
  guardedLocations,
  hiddenSegmentsRaw,
  innerParametersRaw,
  restrictsPaths,
  routesByPath,
} from '../path-parameters.ts'
import { placeholderHost } from '../sites.ts'
import { accessLogView } from './access-log.ts'
import type { UpstreamConfiguration } from './affinity/implementation.ts'
import type { ErrorPageViews } from './error-pages.ts'
import type { Features } from './features.ts'
import { type Forwarding, headerViews } from './forwarded-headers.ts'
import { headersHash } from './hash-sizes.ts'
import { settingsView } from './http-settings.ts'
import type { LimitViews } from './limits.ts'
import { listenerViews } from './listeners.ts'
import { type LocalPeerView, locationView } from './locations.ts'
import { mappedOf, type RestOfTargets } from './path-mapping.ts'
import { realIpView } from './real-ip.ts'
import type { RequestTexts } from './request-texts.ts'
import type { ResponseHeaderViews } from './response-headers.ts'
import { gatewayView } from './server-protocols.ts'
import { nginxSnippetViews } from './snippets/views.ts'
import { tlsView } from './tls.ts'
import type { HttpsRedirects } from './to-https.ts'
import { type ConnectionHeaders, hasOwnConnection } from './upgrades.ts'
import { keepsConnections, needsKeepaliveHeaders } from './upstream-block.ts'

/** Expressions for request targets that would bypass the locations, which get 400. */
const refusedTargets = (frontend: Frontend): readonly string[] => [
  ...(routesByPath(frontend) ? [hiddenSegmentsRaw] : []),
  ...(restrictsPaths(frontend) ? [innerParametersRaw] : []),
]

/** What the server blocks of a cluster have in common. */
export interface ServerContext {
  readonly cluster: Cluster
  readonly features: Features
  readonly configurationOf: (upstream: Upstream) => UpstreamConfiguration
  readonly sharedSockets: ReadonlySet<string>
  readonly forwarding: Forwarding
  readonly texts: RequestTexts
  readonly localPeer: LocalPeerView | null
  readonly rests: RestOfTargets
  readonly redirects: HttpsRedirects
  readonly connections: ConnectionHeaders
  readonly responses: ResponseHeaderViews
  readonly limits: LimitViews
  readonly errorPages: ErrorPageViews
}

/** A `server` block. Its headers apply to all its locations. */
export const serverView = (frontend: Frontend, context: ServerContext) => {
  const { cluster, features, configurationOf, forwarding, texts, localPeer, rests } = context
  const { locations, name, serverNames } = frontend
  const proxied = locations.flatMap(({ action }) =>
    action.kind === 'proxy' ? [action.upstream] : [],
  )
  const isKeepalive = proxied.some((upstream) => needsKeepaliveHeaders(upstream, features))
  const isUpgraded = frontend.settings.websocket === true
  const keeps = proxied.some((upstream) => keepsConnections(upstream, features))
  const headersOf = (upgrades: boolean, headers = frontend.headers) => {
    const connection = context.connections.of(upgrades, upgrades ? keeps : isKeepalive)
    return headerViews(frontend, forwarding, texts, connection, headers)
  }
  const ownHeadersOf = (location: Location) => {
    const isOther = hasOwnConnection(frontend, location)
    const isProxied = location.action.kind === 'proxy'
    return isOther || (isProxied && location.headers.length > 0)
      ? headersOf(isOther !== isUpgraded, headersOfLocation(frontend, location))
      : []
  }
  const mapped = (location: Location) =>
    mappedOf(location, headersOf(false, headersOfLocation(frontend, location)), rests, features)
  const errorPages = context.errorPages.ofServer(frontend)
  const isForAll = serverNames.length === 0 && proxied.length > 0
  return {
    /** For the comment. */
    frontend: name,
    listeners: listenerViews(frontend, context.sharedSockets, features),
    serverNames: isForAll ? [placeholderHost(frontend)] : serverNames,
    /** All hosts: the name is used for requests without a Host header. */
    isForAll,
    tls: tlsView(frontend, cluster.name, features),
    accessLog: accessLogView(cluster, frontend, [...new Set(proxied)], configurationOf, context),
    settings: settingsView(frontend.settings, proxied, 'server'),
    limits: context.limits.ofServer(frontend),
    errorPages: errorPages.pages,
    pageFiles: errorPages.files,
    realIp: realIpView(frontend),
    /** HTTP/1.1 to the application servers. */
    isHttp11: isKeepalive || isUpgraded,
    headers: proxied.length === 0 ? [] : headersOf(isUpgraded),
    headersHash: proxied.length === 0 ? null : headersHash(frontend),
    responses: context.responses.ofServer(frontend),
    toHttps: context.redirects.viewOf(frontend),
    refusedTargets: refusedTargets(frontend),
    locations: guardedLocations(frontend).map((location) => ({
      ...locationView(frontend, location, features, configurationOf, localPeer, mapped(location)),
      limits: context.limits.ofLocation(frontend, location),
      errors: errorPages.ofLocation(location),
      responses: context.responses.ofLocation(frontend, location),
      isHttp11: hasOwnConnection(frontend, location),
      headers: ownHeadersOf(location),
      gateway:
        location.action.kind === 'proxy'
          ? gatewayView(
              location.action.upstream,
              headersOf(false, headersOfLocation(frontend, location)),
              forwarding.httpsOf(frontend),
            )
          : null,
    })),
    snippets: nginxSnippetViews(frontend.snippets, 'server'),
  }
}
