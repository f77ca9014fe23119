import { join } from 'node:path'
import { type Address, formatAddress } from '../../../src/core/model/address.ts'
import type { Cluster, Frontend, Listener, Upstream } from '../../../src/core/model/cluster.ts'
import { isHostName } from '../../../src/core/model/ip.ts'
import type { TlsSettings } from '../../../src/core/model/tls.ts'
import { parseVersion } from '../../../src/core/model/version.ts'

/** Where a certificate and its key are. */
export interface TlsFiles {
  readonly certificate: string
  readonly key: string
  /** Both in one file. */
  readonly pem: string
}

export const tlsFilesIn = (dir: string): TlsFiles => ({
  certificate: join(dir, 'shop.crt'),
  key: join(dir, 'shop.key'),
  pem: join(dir, 'shop.pem'),
})

/** The test certificate has no issuer who knows its status. */
const withTestIssuer = (written: TlsSettings, { certificate }: TlsFiles): TlsSettings => ({
  ...written,
  ocspStapling: false,
  clientCertificate: written.clientCertificate && {
    ...written.clientCertificate,
    ca: certificate,
  },
})

const onSocket = (listener: Listener, dir: string, tls: TlsFiles): Listener => ({
  ...listener,
  address: {
    kind: 'unix',
    path: join(dir, formatAddress(listener.address).replace(/[^A-Za-z0-9]/g, '-')),
  },
  tls: listener.tls === null ? null : tls,
})

/** No name is looked up: nginx refuses a configuration with an unknown name. */
const onLoopback = (address: Address): Address =>
  address.kind === 'inet' && isHostName(address.host ?? '')
    ? { ...address, host: '127.0.0.1' }
    : address

const withoutModules = (upstream: Upstream, { certificate, pem }: TlsFiles): Upstream => ({
  ...upstream,
  tls: upstream.tls && {
    ...upstream.tls,
    ca: upstream.tls.ca && certificate,
    certificate: upstream.tls.certificate && pem,
  },
  servers: upstream.servers.map((server) => ({
    ...server,
    address: server.resolves ? server.address : onLoopback(server.address),
    maxBusy: null,
  })),
})

/**
 * The same cluster for a stock nginx of this version on this machine: no privileged ports (sockets
 * in a private folder instead), no DNS, no existing certificate, and none of the modules that
 * a stock nginx does not have, nor of what only they can say.
 */
export const forStockNginx = (
  cluster: Cluster,
  version: string,
  dir: string,
  tls: TlsFiles,
): Cluster => {
  const moved = new Map(
    cluster.upstreams.map((upstream) => [upstream, withoutModules(upstream, tls)]),
  )
  const upstreamOf = (upstream: Upstream): Upstream => moved.get(upstream) ?? upstream
  const frontends = cluster.frontends.map(
    (frontend): Frontend => ({
      ...frontend,
      listeners: frontend.listeners.map((listener) => onSocket(listener, dir, tls)),
      tls: withTestIssuer(frontend.tls, tls),
      accessLog: frontend.accessLog && {
        ...frontend.accessLog,
        file: frontend.accessLog.file && join(dir, 'access.log'),
        syslog: frontend.accessLog.syslog && onLoopback(frontend.accessLog.syslog),
      },
      locations: frontend.locations.map((location) => ({
        ...location,
        action:
          'upstream' in location.action
            ? { ...location.action, upstream: upstreamOf(location.action.upstream) }
            : location.action,
      })),
    }),
  )
  return {
    ...cluster,
    frontends,
    upstreams: cluster.upstreams.map(upstreamOf),
    targets: cluster.targets.map((target) =>
      target.dialect === 'nginx'
        ? {
            ...target,
            flavor: 'nginx',
            version: parseVersion(version),
            modules: new Set(),
            loadModules: false,
            unpatched: false,
          }
        : target,
    ),
  }
}
