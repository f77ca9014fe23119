import { atValue } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import { formatAddress } from '../../model/address.ts'
import type { Frontend, Listener } from '../../model/cluster.ts'
import { listenerKey } from '../../model/network.ts'
import { refusalsOf, sitesOf, tlsConflict } from '../sites.ts'
import { report } from './codes.ts'
import type { Features } from './features.ts'
import { checkLiteral } from './quote.ts'

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
export const listenerViews = ({ listeners, serverNames }: Frontend, shared: ReadonlySet<string>) =>
  listeners.map((listener) => ({
    address: written(listener),
    isTls: listener.tls !== null,
    isProxyProtocol: listener.proxyProtocol,
    isDefault: serverNames.length === 0 && shared.has(socketOf(listener)),
  }))

/**
 * The first certificate. The protocols are always set: nginx before 1.27.3 and the nginx.conf files of
 * distributions allow TLS 1.0.
 */
export const tlsView = (listeners: readonly Listener[], { hasTls13 }: Features) => {
  const tls = listeners.find((listener) => listener.tls !== null)?.tls
  return tls ? { ...tls, protocols: ['TLSv1.2', ...(hasTls13 ? ['TLSv1.3'] : [])] } : null
}

/** Default servers, which reject unknown host names. */
export const refusalViews = (frontends: readonly Frontend[], features: Features) =>
  refusalsOf(sitesOf(frontends, socketOf)).map(({ listeners }) => ({
    listeners: listeners.map((listener) => ({
      address: written(listener),
      isTls: listener.tls !== null,
      isProxyProtocol: listener.proxyProtocol,
    })),
    tls: tlsView(listeners, features),
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

export const checkListeners = (frontends: readonly Frontend[], findings: Findings): void => {
  for (const frontend of frontends) checkCertificates(frontend, findings)
  checkProtocols(frontends, findings)
}
