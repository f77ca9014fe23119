import { atKey } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import { withoutEffect } from '../../fields.ts'
import type { Cluster, Frontend, Header } from '../../model/cluster.ts'
import { withoutHostBits } from '../../model/network.ts'
import { additionalHeader, removedHeaders, specifiedHeaders } from '../forwarding-headers.ts'
import type { MapView } from './affinity/implementation.ts'
import { report } from './codes.ts'
import type { Features } from './features.ts'
import type { Names } from './names.ts'
import { checkRequestText, type RequestTexts } from './request-texts.ts'
import { serverModule } from './server-protocols.ts'

/** A `proxy_set_header` directive. */
export interface HeaderView {
  readonly name: string
  readonly value: string
}

/** The trusted proxies of a frontend. */
interface TrustView {
  readonly frontend: string
  /** 1 for requests of one of them. */
  readonly variable: string
  readonly networks: readonly string[]
  readonly maps: readonly MapView[]
}

/** The maps that forwarding headers use. */
interface ForwardingView {
  readonly portInHost: MapView | null
  readonly port: MapView | null
  readonly trusts: readonly TrustView[]
}

export interface Forwarding {
  readonly view: ForwardingView
  readonly headersOf: (frontend: Frontend) => readonly HeaderView[]
  /** The variable with the scheme of a request. */
  readonly schemeOf: (frontend: Frontend) => string
  /** The variable that is `on` for HTTPS, else empty. */
  readonly httpsOf: (frontend: Frontend) => string
}

/** Named groups become global variables: the name is not used elsewhere. */
const portGroup = 'sessctl_port'

/** Before 1.29.3, nginx has no variable for the port of the request: it follows the last colon of Host. */
const portInHostMap = (variable: string): MapView => ({
  source: '$http_host',
  variable,
  entries: [{ key: `~(?<${portGroup}>:[0-9]+)$`, value: `$${portGroup}` }],
})

/** The port as a number: the default of the scheme if the request has none. */
const portMap = (scheme: string, portInHost: string, variable: string): MapView => ({
  source: `${scheme}${portInHost}`,
  variable,
  entries: [
    { key: `~:(?<${portGroup}>[0-9]+)$`, value: `$${portGroup}` },
    { key: 'https', value: '443' },
    { key: 'default', value: '80' },
  ],
})

/** Variables with the scheme and port of a request. */
interface RequestVariables {
  readonly scheme: string
  readonly port: string
  readonly https: string
}

const portHeader = 'X-Forwarded-Port'

const isProxying = ({ locations }: Frontend): boolean =>
  locations.some(({ action }) => action.kind === 'proxy')

const hasGateway = ({ locations }: Frontend): boolean =>
  locations.some(
    ({ action }) => action.kind === 'proxy' && serverModule(action.upstream) !== 'proxy',
  )

/** Whether sessctl sets the header: the spec does not. */
const setsPort = (frontend: Frontend): boolean =>
  isProxying(frontend) &&
  !frontend.headers.some(({ name }) => name.toLowerCase() === portHeader.toLowerCase())

/** @param suffix cluster and frontend, because one nginx can include several clusters. */
const trustOf = (frontend: Frontend, suffix: string, portInHost: string, names: Names) => {
  const { name, clientAddress } = frontend
  const variable = names.variable(`from_proxy_${suffix}`)
  const scheme = names.variable(`scheme_${suffix}`)
  const port = names.variable(`port_${suffix}`)
  const https = names.variable(`https_${suffix}`)
  const maps: readonly MapView[] = [
    {
      source: `${variable}:$http_x_forwarded_proto`,
      variable: scheme,
      entries: [
        { key: 'default', value: '$scheme' },
        { key: '1:http', value: 'http' },
        { key: '1:https', value: 'https' },
      ],
    },
    ...(setsPort(frontend) ? [portMap(scheme, portInHost, port)] : []),
    ...(hasGateway(frontend)
      ? [{ source: scheme, variable: https, entries: [{ key: 'https', value: 'on' }] }]
      : []),
  ]
  const networks = [...new Set((clientAddress?.trust ?? []).map(withoutHostBits))]
  return { variables: { scheme, port, https }, view: { frontend: name, variable, networks, maps } }
}

/**
 * Other forwarding headers are removed even if a trusted proxy sends them: most proxies pass them on from
 * the client. $host is the host by which nginx chose the server block, even if the request line and the
 * Host header differ.
 */
const forwardingHeaders = (
  frontend: Frontend,
  portInHost: string,
  { scheme, port }: RequestVariables,
): readonly HeaderView[] => {
  const usual = [
    { name: 'Host', value: `$host${portInHost}` },
    { name: 'X-Real-IP', value: '$remote_addr' },
    { name: 'X-Forwarded-For', value: '$remote_addr' },
    { name: 'X-Forwarded-Proto', value: scheme },
    { name: portHeader, value: port },
    ...removedHeaders.map((name) => ({ name, value: '' })),
  ]
  const header = additionalHeader(
    frontend,
    usual.map(({ name }) => name),
  )
  return header === null ? usual : [...usual, { name: header, value: '$remote_addr' }]
}

export const forwardingOf = (cluster: Cluster, features: Features, names: Names): Forwarding => {
  const frontends = cluster.frontends.filter(
    (each) => isProxying(each) || each.toHttps !== null || each.hsts !== null,
  )
  if (frontends.length === 0)
    return {
      view: { portInHost: null, port: null, trusts: [] },
      headersOf: () => [],
      schemeOf: () => '$scheme',
      httpsOf: () => '$https',
    }
  const isTrusting = ({ clientAddress }: Frontend): boolean =>
    clientAddress !== null && features.hasPeerAddress
  const portVariable =
    features.hasRequestPort || !frontends.some(isProxying) ? null : names.variable('port_in_host')
  const portInHost = portVariable ?? '$is_request_port$request_port'
  const needsPort = frontends.some((each) => !isTrusting(each) && setsPort(each))
  const port = needsPort ? names.variable('forwarded_port') : null
  const own: RequestVariables = { scheme: '$scheme', port: port ?? '', https: '$https' }
  const trusts = new Map(
    frontends
      .filter(isTrusting)
      .map((each) => [each, trustOf(each, `${cluster.name}_${each.name}`, portInHost, names)]),
  )
  return {
    view: {
      portInHost: portVariable === null ? null : portInHostMap(portVariable),
      port: port === null ? null : portMap('$scheme', portInHost, port),
      trusts: [...trusts.values()].map(({ view }) => view),
    },
    headersOf: (frontend) =>
      forwardingHeaders(frontend, portInHost, trusts.get(frontend)?.variables ?? own),
    schemeOf: (frontend) => (trusts.get(frontend)?.variables ?? own).scheme,
    httpsOf: (frontend) => (trusts.get(frontend)?.variables ?? own).https,
  }
}

/** Headers of the proxied request. Those of the spec replace forwarding headers of the same name. */
export const headerViews = (
  frontend: Frontend,
  forwarding: Forwarding,
  texts: RequestTexts,
  connection: readonly HeaderView[],
  headers: readonly Header[] = frontend.headers,
): readonly HeaderView[] => {
  const own = specifiedHeaders({ headers })
  return [
    ...[...connection, ...forwarding.headersOf(frontend)].filter(
      ({ name }) => !own.has(name.toLowerCase()),
    ),
    ...headers.map(({ name, text }) => ({ name, value: texts.wordOf(text, frontend) })),
  ]
}

const checkHeaderList = (
  headers: readonly Header[],
  frontend: Frontend,
  features: Features,
  findings: Findings,
): void => {
  const seen = new Set<string>()
  for (const { name, text, path } of headers) {
    if (seen.has(name.toLowerCase())) {
      report(
        findings,
        'nginx-header-twice',
        atKey(path),
        `the header "${name}" is set twice: names of headers are not case-sensitive`,
        'keep one of them',
      )
    } else checkRequestText(text, path, frontend, features, findings)
    seen.add(name.toLowerCase())
  }
}

export const checkHeaders = (frontend: Frontend, features: Features, findings: Findings): void => {
  const { hasPeerAddress, label } = features
  const { clientAddress, headers, locations } = frontend
  checkHeaderList(headers, frontend, features, findings)
  for (const location of locations) {
    checkHeaderList(location.headers, frontend, features, findings)
    if (location.action.kind === 'proxy') continue
    for (const { path } of location.headers)
      withoutEffect(findings, path, label, 'this location is not proxied')
  }
  if (!isProxying(frontend))
    for (const { path } of headers)
      withoutEffect(findings, path, label, 'no location of this frontend is proxied')
  if (clientAddress === null || hasPeerAddress) return
  report(
    findings,
    'nginx-own-scheme',
    atKey(clientAddress.path),
    `${label} cannot tell whether X-Forwarded-Proto comes from a trusted proxy: the application receives the scheme of the listener of nginx`,
    'use nginx 1.9.7 or later; before, cookies lack Secure if HTTPS ends at the proxy in front',
  )
}
