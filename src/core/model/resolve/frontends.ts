import { atValue, type SpecPath } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import type { Spec } from '../../spec/schema/index.ts'
import { formatAddress } from '../address.ts'
import type { AccessLog, Frontend, Listener, ToHttps, Upstream } from '../cluster.ts'
import { report } from '../codes.ts'
import { listenerKey } from '../network.ts'
import { byName } from '../order.ts'
import { resolveAddress } from './addresses.ts'
import { withCertificateHeaders } from './client-certificates.ts'
import { resolveClientAddress, resolveHeaders, resolveProxyProtocol } from './client-headers.ts'
import { resolveHttpSettings } from './http-settings.ts'
import { checkMatches, resolveLocation, type UpstreamsByName } from './locations.ts'
import { resolveHsts } from './response-headers.ts'
import { resolveSnippets } from './snippets.ts'
import { resolveTls } from './tls.ts'

type SpecFrontend = Spec['frontends'][string]

const resolveListener = (
  written: SpecFrontend['listen'][number],
  path: SpecPath,
  findings: Findings,
): Listener => {
  const isLong = typeof written === 'object'
  const address = isLong ? written.address : written
  return {
    address: resolveAddress(String(address), isLong ? [...path, 'address'] : path, findings),
    tls: isLong ? (written.tls ?? null) : null,
    proxyProtocol: isLong && written.proxyProtocol,
    path,
  }
}

const resolveAccessLog = (
  written: SpecFrontend['accessLog'],
  path: SpecPath,
  findings: Findings,
): AccessLog | null => {
  if (!written) return null
  const { path: file, syslog, format, fields } = written
  if (file === undefined && syslog === undefined) {
    report(
      findings,
      'access-log-nowhere',
      atValue(path),
      'the access log has neither "path" nor "syslog"',
      'add path: FILE or syslog: HOST:PORT',
    )
  }
  return {
    file: file ?? null,
    syslog: syslog === undefined ? null : resolveAddress(syslog, [...path, 'syslog'], findings),
    format,
    fields: fields ?? null,
    path,
  }
}

/** Behind a trusted proxy, clients know the port of the proxy, not that of the listener. */
const httpsPort = (isProxied: boolean, listeners: readonly Listener[]): number => {
  const ports = listeners.flatMap(({ address, tls }) =>
    tls !== null && address.kind === 'inet' ? [address.port] : [],
  )
  return isProxied || ports.includes(443) ? 443 : (ports[0] ?? 443)
}

const resolveToHttps = (
  { redirectToHttps, clientAddress }: SpecFrontend,
  listeners: readonly Listener[],
  path: SpecPath,
): ToHttps | null => {
  if (redirectToHttps === undefined) return null
  const { code = 301, except = [] } = redirectToHttps === true ? {} : redirectToHttps
  return { code, except, port: httpsPort(clientAddress !== undefined, listeners), path }
}

const resolveFrontend = (
  name: string,
  written: SpecFrontend,
  upstreams: UpstreamsByName,
  findings: Findings,
): Frontend => {
  const path = ['frontends', name]
  const listeners = written.listen.map((listener, index) =>
    resolveListener(listener, [...path, 'listen', index], findings),
  )
  const settings = resolveHttpSettings(written, path, null, findings)
  const clientAddress = resolveClientAddress(
    written.clientAddress,
    [...path, 'clientAddress'],
    findings,
  )
  const proxyProtocol = resolveProxyProtocol(listeners, clientAddress, findings)
  const seen = new Set<string>()
  for (const listener of listeners) {
    const address = listenerKey(listener.address)
    if (seen.has(address)) {
      report(
        findings,
        'listener-duplicate',
        atValue(listener.path),
        `duplicate listener ${formatAddress(listener.address)}`,
        'remove one of the listeners; 80, *:80 and 0.0.0.0:80 are the same',
      )
    }
    seen.add(address)
  }
  return {
    name,
    path,
    listeners,
    serverNames: written.serverNames ?? [],
    isDefault: written.default ?? null,
    http2: written.http2 ?? null,
    tls: resolveTls(written.tls, [...path, 'tls'], findings),
    clientAddress: proxyProtocol === null ? clientAddress : null,
    proxyProtocol,
    hsts: resolveHsts(written),
    toHttps: resolveToHttps(written, listeners, [...path, 'redirectToHttps']),
    accessLog: resolveAccessLog(written.accessLog, [...path, 'accessLog'], findings),
    headers: resolveHeaders(written.headers, [...path, 'headers'], findings),
    settings,
    locations: written.locations.flatMap((location, index) =>
      resolveLocation(location, [...path, 'locations', index], settings, upstreams, findings),
    ),
    snippets: resolveSnippets(written.snippets, path),
  }
}

export const resolveFrontends = (
  written: Spec['frontends'],
  upstreams: readonly Upstream[],
  findings: Findings,
): readonly Frontend[] => {
  const named = new Map(upstreams.map((upstream) => [upstream.name, upstream]))
  const frontends = Object.entries(written).map(([name, frontend]) =>
    resolveFrontend(name, frontend, named, findings),
  )
  for (const frontend of frontends) checkMatches(frontend, findings)
  return [...withCertificateHeaders(frontends)].sort(byName)
}
