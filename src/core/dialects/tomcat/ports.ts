import { atKey, atValue, type Place } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import { machineOf } from '../../model/network.ts'
import { inBase } from './base-file.ts'
import type { BaseServer } from './base-server.ts'
import type { Bases } from './bases.ts'
import { report } from './codes.ts'
import { listeningPort, numberIn, offsetIn } from './connectors.ts'
import type { Instance } from './instance.ts'
import { attributeValue, childrenOf } from './xml/document.ts'

export interface Ports {
  readonly http: number
  /** -1: disabled; null: that of the existing file. */
  readonly shutdown: number | null
  /** null: not in the spec. */
  readonly ajp: number | null
}

/** An instance with its existing files. */
export interface BasedInstance extends Instance {
  readonly bases: Bases
}

/** An instance with its existing files and its ports. */
export interface PlacedInstance extends BasedInstance {
  readonly ports: Ports
}

const standardShutdownPort = 8005

/** The host that a Tomcat runs on, by its address. */
export const hostOf = ({ server: { address } }: Instance): string =>
  machineOf(address) ?? 'localhost'

/** The port that Tomcat listens on for the balancer. */
export const httpPortOf = ({ server: { address, tomcat } }: Instance): number =>
  tomcat.httpPort ?? (address.kind === 'inet' ? address.port : 8080)

interface PortUse {
  readonly port: number
  /** null: all addresses. */
  readonly address: string | null
  readonly at: Place
}

/** The shutdown port of an existing file; null: unknown. */
const shutdownPortIn = (base: BaseServer): number | null => {
  const port = numberIn(attributeValue(base.document.root, 'port'))
  return port === null || port <= 0 ? port : port + offsetIn(base)
}

/** The Connectors of an existing file that the spec does not configure. */
const otherConnectors = (base: BaseServer): readonly PortUse[] => {
  const { document, connector, includedConnector, ajp, entities } = base
  const all = childrenOf(document.root, 'Service').flatMap((service) => [
    ...childrenOf(service, 'Connector').map((element) => ({ element, offset: element.start })),
    ...entities
      .included(service, 'Connector')
      .map((element) => ({ element, offset: service.start })),
  ])
  return all
    .filter(({ element }) => ![connector, includedConnector, ajp].includes(element))
    .flatMap(({ element, offset }) => {
      const port = listeningPort(base, element)
      const address = attributeValue(element, 'address')
      return port === null ? [] : [{ port, address, at: inBase(base, offset) }]
    })
}

const usesOf = (instance: BasedInstance): readonly PortUse[] => {
  const { server } = instance
  const base = instance.bases.server
  const { httpPort, shutdownPort, ajpPort } = server.tomcat
  const at = (key: string): Place => atValue([...server.path, 'tomcat', key])
  const connectorAddress = base?.connector ? attributeValue(base.connector, 'address') : null
  const ajpInFile = base?.ajp ? listeningPort(base, base.ajp) : null
  const uses = [
    {
      port: httpPortOf(instance),
      address: connectorAddress,
      at: httpPort === null ? atKey(server.path) : at('httpPort'),
    },
    {
      port: shutdownPort ?? (base === null ? null : shutdownPortIn(base)),
      address: null,
      at: at('shutdownPort'),
    },
    { port: base === null ? null : (ajpPort ?? ajpInFile), address: null, at: at('ajpPort') },
    ...(base === null ? [] : otherConnectors(base)),
  ]
  return uses.flatMap(({ port, ...use }) => (port === null || port <= 0 ? [] : [{ ...use, port }]))
}

const isWildcard = (address: string | null): boolean =>
  address === null || address === '0.0.0.0' || address === '::'

/** A port can be used twice on different addresses. */
const collide = (one: PortUse, other: PortUse): boolean =>
  isWildcard(one.address) || isWildcard(other.address) || one.address === other.address

const keyOf = (host: string, port: number): string => `${host} ${port}`

/** Reports ports that are used twice. @returns the keys of all ports in use. */
const reportClashes = (
  instances: readonly BasedInstance[],
  findings: Findings,
): ReadonlySet<string> => {
  const known = new Map<string, (PortUse & { readonly owner: string })[]>()
  for (const instance of instances) {
    const host = hostOf(instance)
    const owner = instance.server.name
    for (const use of usesOf(instance)) {
      const key = keyOf(host, use.port)
      const before = known.get(key) ?? []
      const other = before.find((one) => collide(one, use))
      known.set(key, [...before, { ...use, owner }])
      if (other === undefined) continue
      const users =
        other.owner === owner ? `twice by "${owner}"` : `by "${other.owner}" and "${owner}"`
      report(
        findings,
        'tomcat-port-clash',
        use.at,
        `port ${use.port} of ${host} is used ${users}`,
        'give each httpPort, shutdownPort, ajpPort and Connector on a host a different port',
      )
    }
  }
  return new Set(known.keys())
}

const reportMappedPort = ({ server }: Instance, findings: Findings): void => {
  const { address, tomcat, name, path } = server
  if (address.kind === 'unix' || tomcat.httpPort === null || tomcat.httpPort === address.port)
    return
  report(
    findings,
    'tomcat-port-differs',
    atValue([...path, 'tomcat', 'httpPort']),
    `"${name}" listens on port ${tomcat.httpPort}, but the balancer connects to port ${address.port}`,
    `remove httpPort, unless port ${address.port} is mapped to ${tomcat.httpPort}`,
  )
}

/** Assigns the ports of every instance, and reports collisions. */
export const assignPorts = (
  instances: readonly BasedInstance[],
  findings: Findings,
): readonly PlacedInstance[] => {
  const taken = reportClashes(instances, findings)
  const nextFree = new Map<string, number>()
  const freeShutdownPort = (host: string): number => {
    let port = nextFree.get(host) ?? standardShutdownPort
    while (taken.has(keyOf(host, port))) port += 1
    nextFree.set(host, port + 1)
    return port
  }
  return instances.map((instance) => {
    const { server, bases } = instance
    reportMappedPort(instance, findings)
    const { shutdownPort, ajpPort: ajp } = server.tomcat
    const http = httpPortOf(instance)
    // A port that the spec does not set is unchanged in an existing file.
    if (shutdownPort !== null || bases.server !== null) {
      const shutdown = shutdownPort ?? (bases.server && shutdownPortIn(bases.server))
      return { ...instance, ports: { http, shutdown, ajp } }
    }
    const host = hostOf(instance)
    const shutdown = freeShutdownPort(host)
    if (shutdown !== standardShutdownPort)
      report(
        findings,
        'tomcat-shutdown-port',
        atKey(server.path),
        `"${server.name}" gets shutdown port ${shutdown}: port ${standardShutdownPort} is in use on ${host}`,
        `write tomcat: { shutdownPort: ${shutdown} } to keep the port, or -1 to disable it`,
      )
    return { ...instance, ports: { http, shutdown, ajp } }
  })
}
