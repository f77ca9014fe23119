import type { Version } from '../../model/version.ts'
import { serverIdleSeconds } from '../idle-seconds.ts'
import { type AjpParts, ajpAttributes, speaksAjp } from './ajp.ts'
import type { PlacedInstance } from './ports.ts'
import { remoteIpValve } from './proxies.ts'
import { features, hasSince, releaseLineOf } from './release.ts'
import type { StoreParts } from './stores/parts.ts'
import { type Attribute, newElement, xmlNode } from './xml/write.ts'

/** For templates/tomcat/server.hbs; elements are written by `newElement`. */
export interface ServerView {
  /** -1: disabled. */
  readonly shutdownPort: number
  readonly listeners: readonly string[]
  /** That of the balancer first. */
  readonly connectors: readonly string[]
  /** Of a Connector that is written as a comment; null: no AJP Connector in the spec, or the balancer uses it. */
  readonly ajpPort: number | null
  /** null: session ids do not contain a route. */
  readonly route: string | null
  /** null: sessions are not replicated. */
  readonly cluster: string | null
  readonly remoteIp: string
  readonly accessLog: string
}

/** The Listeners of the server.xml of the release, in its order. */
const listenersOf = (version: Version): readonly string[] => {
  const line = releaseLineOf(version)
  const listener = (name: string, sslEngine: string | null = null): string =>
    newElement(
      xmlNode('Listener', [
        ['className', `org.apache.catalina.${name}`],
        ['SSLEngine', sslEngine],
      ]),
      1,
    )
  return [
    ...(hasSince(version, features.versionLogger)
      ? [listener('startup.VersionLoggerListener')]
      : []),
    listener('core.AprLifecycleListener', line === '7.0' || line === '8.5' ? 'on' : null),
    ...(hasSince(version, features.jasperListener) ? [listener('core.JasperListener')] : []),
    listener('core.JreMemoryLeakPreventionListener'),
    listener('mbeans.GlobalResourcesLifecycleListener'),
    listener('core.ThreadLocalLeakPreventionListener'),
  ]
}

/** A plain HTTP Connector. */
export const connectorAttributes = (version: Version, port: number): readonly Attribute[] => [
  ['port', String(port)],
  ['protocol', 'HTTP/1.1'],
  ['connectionTimeout', '20000'],
  // The balancer closes idle connections first.
  ['keepAliveTimeout', String(serverIdleSeconds * 1000)],
  ['redirectPort', '8443'],
  ...(hasSince(version, features.maxParameterCount)
    ? [['maxParameterCount', '1000'] as const]
    : []),
]

/** The attributes of the Connector that the balancer connects to. */
export const balancerAttributes = (
  instance: PlacedInstance,
  ajp: AjpParts,
  port: number,
): readonly Attribute[] =>
  speaksAjp(instance)
    ? ajpAttributes(instance, ajp, port)
    : connectorAttributes(instance.app.version, port)

/** The Connectors of a new file: AJP, which the balancer does not use, is not one of them. */
const connectorsOf = (instance: PlacedInstance, ajp: AjpParts): readonly string[] => {
  const { app, ports } = instance
  const attributes = [
    balancerAttributes(instance, ajp, ports.balancer),
    ...(speaksAjp(instance) && ports.other !== null
      ? [connectorAttributes(app.version, ports.other)]
      : []),
  ]
  return attributes.map((each) => newElement(xmlNode('Connector', each), 2))
}

/** requestAttributesEnabled logs the client address that RemoteIpValve determined. */
const accessLogAttributes = (version: Version): readonly Attribute[] => [
  ['className', 'org.apache.catalina.valves.AccessLogValve'],
  ['directory', 'logs'],
  ['prefix', releaseLineOf(version) === '7.0' ? 'localhost_access_log.' : 'localhost_access_log'],
  ['suffix', '.txt'],
  ['pattern', '%h %l %u %t "%r" %s %b'],
  ['requestAttributesEnabled', 'true'],
]

/** The server.xml of the release, with session affinity. */
export const serverView = (
  instance: PlacedInstance,
  { hasRoute, cluster }: StoreParts,
  ajp: AjpParts,
  remoteIp: readonly Attribute[],
): ServerView => {
  const { app, ports, server } = instance
  const { version } = app
  return {
    shutdownPort: ports.shutdown ?? -1,
    listeners: listenersOf(version),
    connectors: connectorsOf(instance, ajp),
    ajpPort: speaksAjp(instance) ? null : ports.other,
    route: hasRoute ? server.route : null,
    cluster: cluster === null ? null : newElement(cluster, 3),
    remoteIp: newElement(xmlNode('Valve', [['className', remoteIpValve], ...remoteIp]), 3),
    accessLog: newElement(xmlNode('Valve', accessLogAttributes(version)), 4),
  }
}
