import { atKey, atValue, type Diagnostic, type Place } from '../../diagnostics/diagnostic.ts'
import { machineOfHost } from '../../model/network.ts'
import { report } from './codes.ts'
import type { Instance } from './instance.ts'

/** What the existing file of an instance says, where there is one; null: nothing, or not a number. */
export interface BasePorts {
  readonly shutdown: number | null
  readonly ajp: number | null
  /** On which the connector of the balancer listens; null: on all. */
  readonly address: string | null
  /** Of everything else in the file. */
  readonly others: readonly PortUse[]
}

/** A port that an existing file uses beside those of the spec. */
export interface PortUse {
  readonly port: number
  /** null: on all. */
  readonly address: string | null
  readonly at: Place
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

export const hostOf = ({ server: { address } }: Instance): string => {
  if (address.kind === 'unix' || address.host === null) return 'localhost'
  return machineOfHost(address.host)
}

/** Where Tomcat listens for the balancer. */
export const httpPortOf = ({ server: { address, tomcat } }: Instance): number =>
  tomcat.httpPort ?? (address.kind === 'inet' ? address.port : 8080)

interface Use {
  readonly host: string
  readonly port: number
  readonly owner: string
  /** null: on all. */
  readonly address: string | null
  readonly at: Place
}

const usesOf = (instance: Instance, base: BasePorts | null): readonly Use[] => {
  const { server } = instance
  const at = (key: string) => atValue([...server.path, 'tomcat', key])
  const wanted = [
    {
      port: httpPortOf(instance),
      address: base?.address ?? null,
      at: server.tomcat.httpPort === null ? atKey(server.path) : at('httpPort'),
    },
    {
      port: server.tomcat.shutdownPort ?? base?.shutdown ?? null,
      address: null,
      at: at('shutdownPort'),
    },
    {
      port: base === null ? null : (server.tomcat.ajpPort ?? base.ajp),
      address: null,
      at: at('ajpPort'),
    },
    ...(base?.others ?? []),
  ]
  return wanted.flatMap(({ port, address, at }) =>
    port === null || port <= 0
      ? []
      : [{ host: hostOf(instance), port, address, owner: server.name, at }],
  )
}

const isWildcard = (address: string | null): boolean =>
  address === null || address === '0.0.0.0' || address === '::'

/** Two may share a port where each has an address of its own. */
const collide = (one: Use, other: Use): boolean =>
  isWildcard(one.address) || isWildcard(other.address) || one.address === other.address

const clashesOf = (uses: readonly Use[]): readonly Diagnostic[] => {
  const known = new Map<string, Use[]>()
  return uses.flatMap((use) => {
    const key = `${use.host} ${use.port}`
    const before = known.get(key) ?? []
    known.set(key, [...before, use])
    const other = before.find((one) => collide(one, use))
    if (other === undefined) return []
    const whose = other.owner === use.owner ? 'twice by' : `by "${other.owner}" and`
    return [
      report(
        'tomcat-port-clash',
        use.at,
        `port ${use.port} of ${use.host} is wanted ${whose} "${use.owner}"`,
        'give each httpPort, shutdownPort, ajpPort and connector of a host a number of its own',
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
