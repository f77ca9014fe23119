import { atKey, atValue, type Diagnostic, type Place } from '../../diagnostics/diagnostic.ts'
import { report } from './codes.ts'
import type { Instance } from './instance.ts'

/** What the existing file of an instance says, where there is one; null: nothing, or not a number. */
export interface BasePorts {
  readonly shutdown: number | null
  readonly ajp: number | null
}

export interface Ports {
  readonly http: number
  /** -1: none; null: whatever the existing file says. */
  readonly shutdown: number | null
  /** Of the spec; null: not asked for. */
  readonly ajp: number | null
}

export interface PortsOf {
  /** In the order of the instances. */
  readonly ports: readonly Ports[]
  readonly diagnostics: readonly Diagnostic[]
}

const standardShutdownPort = 8005

/** Every loopback address is this one machine; other names of a host are not known here. */
export const hostOf = ({ server: { address } }: Instance): string => {
  if (address.kind === 'unix') return 'localhost'
  const host = address.host?.toLowerCase() ?? 'localhost'
  return /^127\.|^::1$/.test(host) ? 'localhost' : host
}

/** Where Tomcat listens for the balancer. */
export const httpPortOf = ({ server: { address, tomcat } }: Instance): number =>
  tomcat.httpPort ?? (address.kind === 'inet' ? address.port : 8080)

interface Use {
  readonly host: string
  readonly port: number
  readonly owner: string
  readonly at: Place
}

const usesOf = (instance: Instance, base: BasePorts | null): readonly Use[] => {
  const { server } = instance
  const at = (key: string) => atValue([...server.path, 'tomcat', key])
  const wanted = [
    {
      port: httpPortOf(instance),
      at: server.tomcat.httpPort === null ? atKey(server.path) : at('httpPort'),
    },
    { port: server.tomcat.shutdownPort ?? base?.shutdown ?? null, at: at('shutdownPort') },
    { port: base === null ? null : (server.tomcat.ajpPort ?? base.ajp), at: at('ajpPort') },
  ]
  return wanted.flatMap(({ port, at }) =>
    port === null || port === -1 ? [] : [{ host: hostOf(instance), port, owner: server.name, at }],
  )
}

const clashesOf = (uses: readonly Use[]): readonly Diagnostic[] => {
  const first = new Map<string, Use>()
  return uses.flatMap((use) => {
    const key = `${use.host} ${use.port}`
    const other = first.get(key)
    if (other === undefined) {
      first.set(key, use)
      return []
    }
    const whose = other.owner === use.owner ? 'twice by' : `by "${other.owner}" and`
    return [
      report(
        'tomcat-port-clash',
        use.at,
        `port ${use.port} of ${use.host} is wanted ${whose} "${use.owner}"`,
        'give each httpPort, shutdownPort and ajpPort of a host a number of its own',
      ),
    ]
  })
}

const mismatchOf = (instance: Instance): readonly Diagnostic[] => {
  const { address, tomcat, name, path } = instance.server
  if (address.kind === 'unix' || tomcat.httpPort === null || tomcat.httpPort === address.port)
    return []
  return [
    report(
      'tomcat-port-differs',
      atValue([...path, 'tomcat', 'httpPort']),
      `"${name}" listens on ${tomcat.httpPort}, the balancer connects to ${address.port}`,
      `leave httpPort out, unless something maps port ${address.port} to ${tomcat.httpPort}`,
    ),
  ]
}

/** Decides every port, so that Tomcats of one host do not get in each other's way. */
export const assignPorts = (
  instances: readonly Instance[],
  bases: readonly (BasePorts | null)[],
): PortsOf => {
  const uses = instances.flatMap((instance, index) => usesOf(instance, bases[index] ?? null))
  const diagnostics = [...clashesOf(uses), ...instances.flatMap(mismatchOf)]
  const taken = new Set(uses.map(({ host, port }) => `${host} ${port}`))
  const nextFree = new Map<string, number>()
  const choose = (host: string): number => {
    let port = nextFree.get(host) ?? standardShutdownPort
    while (taken.has(`${host} ${port}`)) port += 1
    nextFree.set(host, port + 1)
    return port
  }
  const ports = instances.map((instance, index): Ports => {
    const { server } = instance
    const { shutdownPort, ajpPort } = server.tomcat
    const http = httpPortOf(instance)
    const base = bases[index] ?? null
    // What an existing file says and the spec does not stays as it is there.
    if (shutdownPort !== null || base !== null)
      return { http, shutdown: shutdownPort ?? base?.shutdown ?? null, ajp: ajpPort }
    const host = hostOf(instance)
    const shutdown = choose(host)
    if (shutdown !== standardShutdownPort) {
      diagnostics.push(
        report(
          'tomcat-shutdown-port',
          atKey(server.path),
          `"${server.name}" gets shutdown port ${shutdown}: ${standardShutdownPort} is taken on ${host}`,
          `write tomcat: { shutdownPort: ${shutdown} } to keep it, or -1 for none`,
        ),
      )
    }
    return { http, shutdown, ajp: ajpPort }
  })
  return { ports, diagnostics }
}
