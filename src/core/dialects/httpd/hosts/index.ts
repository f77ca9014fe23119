import { notFollowed } from '../../../fields.ts'
import type { Frontend, Listener } from '../../../model/cluster.ts'
import type { SnippetView } from '../../../snippets/marked.ts'
import { placeholderHost, refusalsOf, type Site, sitesOf } from '../../sites.ts'
import { noteBuffering } from '../../streaming.ts'
import { hasUpgrades, refusedUpgrade } from '../../upgrades.ts'
import type { Context } from '../context.ts'
import { httpdSnippetViews } from '../snippets/views.ts'
import { literal } from '../values.ts'
import { accessLogOf, type LogView } from './access-log.ts'
import type { RewriteView } from './answers.ts'
import { noteChunkedBodies } from './body-size.ts'
import { type ClientAddressView, clientAddressView } from './client.ts'
import {
  checkErrorPages,
  type ErrorPagesView,
  hasPages,
  hostPages,
  type PageFileView,
  type PagePathView,
  pagePaths,
  servedFiles,
} from './error-pages.ts'
import { checkExpressions } from './expressions.ts'
import { type FilesView, filesOf } from './files.ts'
import { type HeadersView, headersOf } from './headers.ts'
import { hostSettings, type SettingsView, settingsView } from './http-settings.ts'
import { noteLimits } from './limits.ts'
import { hostAddress } from './listeners.ts'
import { checkHostOrder, checkServerNames, inHostOrder, namesOf } from './names.ts'
import { dependsOnPort } from './request-text.ts'
import { checkResponseHeaders, hstsOf, type ResponseHeaderView } from './response-headers.ts'
import { type RoutingView, routingOf } from './routing.ts'
import { type TimeoutsView, timeoutsOf } from './timeouts.ts'
import { checkTls, type TlsView, tlsView } from './tls.ts'
import { toHttpsOf } from './to-https.ts'
import { checkUpgrades, supportsUpgrades } from './upgrades.ts'

type Tls = NonNullable<Listener['tls']>

/** One `<VirtualHost>`: a frontend on its addresses with, or without, one certificate. */
export interface HostView {
  readonly frontend: string
  readonly addresses: readonly string[]
  readonly name: string
  readonly aliases: readonly string[]
  readonly tls: TlsView | null
  readonly proxyProtocol: boolean
  readonly accessLog: LogView | null
  readonly clientAddress: ClientAddressView | null
  readonly headers: HeadersView
  readonly toHttps: RewriteView | null
  readonly hsts: readonly ResponseHeaderView[]
  readonly timeouts: TimeoutsView
  /** The condition of upgrades that are not forwarded; null: none are. */
  readonly refusedUpgrade: string | null
  readonly settings: SettingsView
  readonly errorPages: ErrorPagesView
  readonly pageFiles: readonly PageFileView[]
  readonly pagePaths: readonly PagePathView[]
  /** Whether httpd requests pages for errors, which are not refused. */
  readonly isForPages: boolean
  readonly files: FilesView
  readonly routing: RoutingView
  readonly showsStatus: boolean
  readonly snippets: readonly SnippetView[]
}

/** The parts of a virtual host that do not depend on its addresses. */
type Common = Omit<
  HostView,
  'addresses' | 'tls' | 'proxyProtocol' | 'headers' | 'toHttps' | 'hsts' | 'routing' | 'showsStatus'
>

const commonOf = (frontend: Frontend, context: Context): Common => {
  const { clientAddress, listeners, proxyProtocol } = frontend
  checkServerNames(frontend, context)
  checkExpressions(frontend, context)
  checkUpgrades(frontend, context)
  checkResponseHeaders(frontend, context)
  noteChunkedBodies(frontend, context)
  noteBuffering(frontend, 'httpd', context.findings)
  noteLimits(frontend, context)
  checkErrorPages(frontend, context)
  if (clientAddress !== null || proxyProtocol !== null) context.modules.add('remoteip')
  if (proxyProtocol !== null && proxyProtocol.trust.length > 0)
    notFollowed(
      context.findings,
      [...proxyProtocol.path, 'trust'],
      'httpd',
      'httpd uses the address that any peer of this listener sends',
      'let only these proxies connect to the listener, with a firewall',
    )
  for (const { tls, path } of listeners) {
    if (tls === null) continue
    context.modules.add('ssl').add('socache_shmcb')
    literal(tls.certificate, [...path, 'tls', 'certificate'], context)
    literal(tls.key, [...path, 'tls', 'key'], context)
  }
  checkTls(frontend, context)
  const names = namesOf(frontend)
  // Without a name httpd would resolve one by DNS; no request has this one.
  const name = names.find((each) => !each.includes('*')) ?? placeholderHost(frontend)
  return {
    frontend: frontend.name,
    name,
    aliases: names.filter((each) => each !== name),
    accessLog: accessLogOf(frontend, context),
    clientAddress: clientAddress === null ? null : clientAddressView(clientAddress),
    timeouts: timeoutsOf(frontend, context),
    settings: settingsView(hostSettings(frontend), hasPages(frontend), context),
    errorPages: hostPages(frontend, context),
    pageFiles: servedFiles(frontend, context),
    pagePaths: pagePaths(frontend, context),
    isForPages: hasPages(frontend),
    refusedUpgrade:
      hasUpgrades(frontend) && supportsUpgrades(context.version)
        ? `expr=%{HTTP:Upgrade} =~ /${refusedUpgrade}/i`
        : null,
    files: filesOf(frontend, context),
    snippets: httpdSnippetViews(frontend.snippets, 'host'),
  }
}

const keyOf = (tls: Tls | null): string => (tls === null ? '' : `${tls.certificate}\0${tls.key}`)

interface Group {
  readonly tls: Tls | null
  /** 0: of no importance. */
  readonly port: number
  readonly proxyProtocol: boolean
  readonly addresses: string[]
}

/** The addresses of each frontend in a site, by the certificate that they use, and by port if that matters. */
const groupsOf = ({ frontends, listeners }: Site): ReadonlyMap<Frontend, readonly Group[]> => {
  const groups = new Map(frontends.map((frontend) => [frontend, new Map<string, Group>()]))
  const owners = new Map(
    frontends.flatMap((frontend) => frontend.listeners.map((each) => [each, frontend] as const)),
  )
  for (const [address, sharing] of listeners) {
    const seen = new Set<Frontend>()
    for (const listener of sharing) {
      const owner = owners.get(listener)
      if (owner === undefined || seen.has(owner)) continue
      seen.add(owner)
      const own = groups.get(owner)
      const { address: place, tls, proxyProtocol } = listener
      const port = place.kind === 'inet' && dependsOnPort(owner) ? place.port : 0
      const key = `${keyOf(tls)}\0${port}\0${proxyProtocol}`
      const group = own?.get(key) ?? { tls, port, proxyProtocol, addresses: [] }
      group.addresses.push(address)
      own?.set(key, group)
    }
  }
  return new Map([...groups].map(([frontend, own]) => [frontend, [...own.values()]]))
}

const addressOf = ({ address }: Listener): string | null =>
  address.kind === 'inet' ? hostAddress(address) : null

export const hostViews = (context: Context): readonly HostView[] => {
  const { frontends } = context.cluster
  // Once for each frontend, also when it becomes several virtual hosts.
  const commons = new Map(frontends.map((frontend) => [frontend, commonOf(frontend, context)]))
  return sitesOf(frontends, addressOf).flatMap((site) => {
    const groups = groupsOf(site)
    checkHostOrder(site.frontends, context)
    return inHostOrder(site.frontends).flatMap((frontend) => {
      const common = commons.get(frontend)
      return (groups.get(frontend) ?? []).flatMap(({ tls, port, proxyProtocol, addresses }) => {
        const scheme = tls === null ? 'http' : 'https'
        const place = { frontend, scheme, port } as const
        const headers = headersOf(place, context)
        const routing = routingOf(place, context)
        const showsStatus = routing.sections.some(({ isStatus }) => isStatus)
        const toHttps = toHttpsOf(frontend, tls !== null, context)
        const view = tlsView(tls, frontend)
        const hsts = hstsOf(frontend, tls !== null)
        const shown = { headers, toHttps, hsts, routing, showsStatus }
        return common ? [{ ...common, ...shown, addresses, tls: view, proxyProtocol }] : []
      })
    })
  })
}

/** The virtual hosts that reject unknown host names. They are first, since httpd uses the first virtual host for these. */
export interface RefusalView {
  readonly addresses: readonly string[]
  readonly tls: TlsView | null
  readonly proxyProtocol: boolean
}

export const refusalViews = ({ cluster, modules }: Context): readonly RefusalView[] => {
  const refusals = refusalsOf(sitesOf(cluster.frontends, addressOf))
  if (refusals.length > 0) modules.add('alias')
  return refusals.map(({ frontend, addresses, listeners }) => ({
    addresses,
    tls: tlsView(listeners[0]?.tls ?? null, {
      ...frontend,
      tls: { ...frontend.tls, clientCertificate: null },
    }),
    proxyProtocol: listeners[0]?.proxyProtocol === true,
  }))
}
