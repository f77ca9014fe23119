import { atKey, atValue, type Place } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import { machineOf } from '../../model/network.ts'
import { speaksAjp } from './ajp.ts'
import { inBase } from './base-file.ts'
import type { BaseServer } from './base-server.ts'
import type { Bases } from './bases.ts'
import { report } from './codes.ts'
import { listeningPort, numberIn, offsetIn } from './connectors.ts'
import type { Instance } from './instance.ts'
import { attributeValue, childrenOf } from './xml/document.ts'

export interface Ports {
  /** Of the Connector that the balancer connects to. */
  readonly balancer: number
  /** -1: disabled; null: that of the existing file. */
  readonly shutdown: number | null
  /** Of a Connector of the other protocol, AJP or HTTP; null: not in the spec. */
  readonly other: number | null
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

/** The field with the port of the Connector for the balancer, and that of the other protocol. */
const portKeys = (instance: Instance) =>
  speaksAjp(instance)
    ? ({ own: 'ajpPort', other: 'httpPort' } as const)
    : ({ own: 'httpPort', other: 'ajpPort' } as const)

/** The port that Tomcat listens on for the balancer. */
export const balancerPortOf = (instance: Instance): number => {
  const { address, tomcat } = instance.server
  const usual = speaksAjp(instance) ? 8009 : 8080
  return tomcat[portKeys(instance).own] ?? (address.kind === 'inet' ? address.port : usual)
}

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
  const { document, connector, includedConnector, other, entities } = base
  const all = childrenOf(document.root, 'Service').flatMap((service) => [
    ...childrenOf(service, 'Connector').map((element) => ({ element, offset: element.start })),
    ...entities
      .included(service, 'Connector')
      .map((element) => ({ element, offset: service.start })),
  ])
  return all
    .filter(({ element }) => ![connector, includedConnector, other].includes(element))
    .flatMap(({ element, offset }) => {
      const port = listeningPort(base, element)
      const address = attributeValue(element, 'address')
      return port === null ? [] : [{ port, address, at: inBase(base, offset) }]
    })
}

const usesOf = (instance: BasedInstance): readonly PortUse[] => {
  const { server } = instance
  const base = instance.bases.server
  const { tomcat } = server
  const keys = portKeys(instance)
  const at = (key: string): Place => atValue([...server.path, 'tomcat', key])
  const connectorAddress = base?.connector ? attributeValue(base.connector, 'address') : null
  const otherInFile = base?.other ? listeningPort(base, base.other) : null
  // A new file has a Connector for HTTP if it is asked for, and none for AJP.
  const hasOther = base !== null || keys.other === 'httpPort'
  const uses = [
    {
      port: balancerPortOf(instance),
      address: connectorAddress,
      at: tomcat[keys.own] === null ? atKey(server.path) : at(keys.own),
    },
    {
      port: tomcat.shutdownPort ?? (base === null ? null : shutdownPortIn(base)),
      address: null,
      at: at('shutdownPort'),
    },
    {
      port: hasOther ? (tomcat[keys.other] ?? otherInFile) : null,
      address: null,
      at: at(keys.other),
    },
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

const reportMappedPort = (instance: Instance, findings: Findings): void => {
  const { address, tomcat, name, path } = instance.server
  const key = portKeys(instance).own
  const port = tomcat[key]
  if (address.kind === 'unix' || port === null || port === address.port) return
  report(
    findings,
    'tomcat-port-differs',
    atValue([...path, 'tomcat', key]),
    `"${name}" listens on port ${port}, but the balancer connects to port ${address.port}`,
    `remove ${key}, unless port ${address.port} is mapped to ${port}`,
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
    const { shutdownPort } = server.tomcat
    const balancer = balancerPortOf(instance)
    const other = server.tomcat[portKeys(instance).other]
    // A port that the spec does not set is unchanged in an existing file.
    if (shutdownPort !== null || bases.server !== null) {
      const shutdown = shutdownPort ?? (bases.server && shutdownPortIn(bases.server))
      return { ...instance, ports: { balancer, shutdown, other } }
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
    return { ...instance, ports: { balancer, shutdown, other } }
  })
}
