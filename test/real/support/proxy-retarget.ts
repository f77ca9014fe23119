import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Address } from '../../../src/core/model/address.ts'
import type { Cluster, Listener, Server, Upstream } from '../../../src/core/model/cluster.ts'
import type { ErrorPage } from '../../../src/core/model/error-pages.ts'
import type { HttpSettings } from '../../../src/core/model/http-settings.ts'
import { isHostName } from '../../../src/core/model/ip.ts'
import type { Target } from '../../../src/core/model/target.ts'
import type { ClientCertificate } from '../../../src/core/model/tls.ts'

type Tls = NonNullable<Listener['tls']>

/** A path of the spec below `dir`: files of one folder stay together, and names keep their extensions. */
const below = (dir: string, path: string): string => join(dir, path.replaceAll('/', '_'))

export interface Retargeted {
  readonly cluster: Cluster
  /** The certificates and keys that the cluster names now. */
  readonly tls: readonly Tls[]
  /** The folders of its files. */
  readonly roots: readonly string[]
}

/**
 * A cluster for one target of this machine: host names become `localhost`, which needs no DNS, and
 * certificates, sockets, folders and error pages, which are written, are below `dir`.
 */
export const retarget = (cluster: Cluster, target: Target, dir: string): Retargeted => {
  const tls: Tls[] = []
  const roots: string[] = []
  const localAddress = (address: Address): Address => {
    if (address.kind === 'unix') return { ...address, path: below(dir, address.path) }
    const isNamed = address.host !== null && isHostName(address.host)
    return isNamed ? { ...address, host: 'localhost' } : address
  }
  const localTls = (written: Tls): Tls => {
    const local = {
      certificate: below(dir, written.certificate),
      key: below(dir, written.key),
    }
    tls.push(local)
    return local
  }
  /** With its key in the same file. */
  const localPem = (written: string): string =>
    localTls({ certificate: written, key: written }).certificate
  const localCa = (written: ClientCertificate): ClientCertificate => ({
    ...written,
    ca: localPem(written.ca),
  })
  const localRoot = (written: string): string => {
    const local = written.startsWith('/') ? below(dir, written) : written
    roots.push(local)
    return local
  }
  const localPage = (page: ErrorPage): ErrorPage => {
    if (page.kind === 'uri') return page
    const file = below(dir, page.file)
    writeFileSync(file, 'page')
    return { ...page, file }
  }
  const localSettings = (settings: HttpSettings): HttpSettings => ({
    ...settings,
    errorPages:
      settings.errorPages?.map((each) => ({ ...each, page: localPage(each.page) })) ?? null,
    maintenance: settings.maintenance && {
      ...settings.maintenance,
      page: settings.maintenance.page && localPage(settings.maintenance.page),
    },
  })
  const localServer = (server: Server): Server => ({
    ...server,
    address: localAddress(server.address),
  })
  const upstreams = new Map(
    cluster.upstreams.map((upstream): [string, Upstream] => [
      upstream.name,
      {
        ...upstream,
        servers: upstream.servers.map(localServer),
        tls: upstream.tls && {
          ...upstream.tls,
          ca: upstream.tls.ca && localPem(upstream.tls.ca),
          certificate: upstream.tls.certificate && localPem(upstream.tls.certificate),
        },
      },
    ]),
  )
  const frontends = cluster.frontends.map((frontend) => ({
    ...frontend,
    settings: localSettings(frontend.settings),
    accessLog: frontend.accessLog && {
      ...frontend.accessLog,
      file: frontend.accessLog.file && below(dir, frontend.accessLog.file),
      syslog: frontend.accessLog.syslog && localAddress(frontend.accessLog.syslog),
    },
    tls: frontend.tls.clientCertificate
      ? { ...frontend.tls, clientCertificate: localCa(frontend.tls.clientCertificate) }
      : frontend.tls,
    listeners: frontend.listeners.map((listener) => ({
      ...listener,
      address: localAddress(listener.address),
      tls: listener.tls && localTls(listener.tls),
    })),
    locations: frontend.locations.map((location) => {
      const { action } = location
      const upstream = 'upstream' in action ? upstreams.get(action.upstream.name) : undefined
      const settings = localSettings(location.settings)
      const root = location.root === null ? null : localRoot(location.root)
      return upstream && 'upstream' in action
        ? { ...location, root, settings, action: { ...action, upstream } }
        : { ...location, root, settings }
    }),
  }))
  return {
    cluster: { ...cluster, targets: [target], frontends, upstreams: [...upstreams.values()] },
    tls,
    roots,
  }
}
