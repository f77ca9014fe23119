import { atValue } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import { formatAddress } from '../../model/address.ts'
import type { Cluster, Frontend, Listener } from '../../model/cluster.ts'
import { listenerKey } from '../../model/network.ts'
import { refusalsOf, sitesOf, tlsConflict } from '../sites.ts'
import { report } from './codes.ts'
import type { Features } from './features.ts'
import { checkLiteral } from './quote.ts'
import { checkTls, isHttp2Listener, tlsView } from './tls.ts'

export const socketOf = ({ address }: Listener): string => listenerKey(address)

/** A port alone listens on all IPv4 addresses. */
const written = ({ address }: Listener): string =>
  address.kind === 'inet' && address.host === null ? String(address.port) : formatAddress(address)

/** The sockets that several frontends use. */
export const sharedSockets = (frontends: readonly Frontend[]): ReadonlySet<string> => {
  const seen = new Set<string>()
  const shared = new Set<string>()
  for (const { listeners } of frontends)
    for (const socket of new Set(listeners.map(socketOf)))
      (seen.has(socket) ? shared : seen).add(socket)
  return shared
}

/**
 * The `listen` directives. A frontend without names serves the hosts that no other frontend names: on a
 * shared socket it must be the default server, which would otherwise be the first one.
 */
export const listenerViews = (
  { isDefault, http2, listeners, serverNames }: Frontend,
  shared: ReadonlySet<string>,
  features: Features,
) =>
  listeners.map((listener) => ({
    address: written(listener),
    isTls: listener.tls !== null,
    isProxyProtocol: listener.proxyProtocol,
    isHttp2: isHttp2Listener(listener, http2, features),
    isDefault: isDefault === true || (serverNames.length === 0 && shared.has(socketOf(listener))),
  }))

/** Default servers, which reject unknown host names. They ask no client for a certificate. */
export const refusalViews = ({ name, frontends }: Cluster, features: Features) =>
  refusalsOf(sitesOf(frontends, socketOf)).map(({ frontend, listeners }) => ({
    listeners: listeners.map((listener) => ({
      address: written(listener),
      isTls: listener.tls !== null,
      isProxyProtocol: listener.proxyProtocol,
      isHttp2: isHttp2Listener(listener, frontend.http2, features),
    })),
    tls: tlsView(
      { ...frontend, listeners, tls: { ...frontend.tls, clientCertificate: null } },
      name,
      features,
    ),
  }))

const checkCertificates = ({ listeners }: Frontend, findings: Findings): void => {
  const first = listeners.find((listener) => listener.tls !== null)?.tls
  for (const { path, tls } of listeners) {
    if (!first || !tls) continue
    const at = [...path, 'tls']
    if (tls.certificate !== first.certificate || tls.key !== first.key) {
      report(
        findings,
        'nginx-certificates',
        atValue(at),
        'a server block of nginx uses one certificate for all its listeners',
        'write a separate frontend for the other certificate',
      )
    }
    checkLiteral(tls.certificate, [...at, 'certificate'], findings)
    checkLiteral(tls.key, [...at, 'key'], findings)
  }
}

/** nginx accepts either TLS or plain HTTP on a socket. */
const checkProtocols = (frontends: readonly Frontend[], findings: Findings): void => {
  const first = new Map<string, { readonly isTls: boolean; readonly name: string }>()
  for (const { listeners, name } of frontends) {
    for (const listener of listeners) {
      const socket = socketOf(listener)
      const isTls = listener.tls !== null
      const other = first.get(socket) ?? { isTls, name }
      first.set(socket, other)
      if (other.isTls === isTls) continue
      const conflict = tlsConflict(`frontend "${other.name}"`, socket, isTls)
      report(findings, 'nginx-listen', atValue(listener.path), ...conflict)
    }
  }
}

export const checkListeners = (
  frontends: readonly Frontend[],
  features: Features,
  findings: Findings,
): void => {
  for (const frontend of frontends) {
    checkCertificates(frontend, findings)
    checkTls(frontend, features, findings)
  }
  checkProtocols(frontends, findings)
}
