import type { TomcatApp } from '../../model/app.ts'
import type { Version } from '../../model/version.ts'
import { serverIdleSeconds } from '../idle-seconds.ts'
import { type AttributeView, attributeViews } from './attribute.ts'
import { type ElementView, elementView } from './element-view.ts'
import type { Ports } from './ports.ts'
import { remoteIpValve } from './proxies.ts'
import { features, hasSince, lineOf } from './release.ts'
import type { StoreParts } from './stores/parts.ts'
import type { Attribute } from './xml/write.ts'

interface Element {
  readonly attributes: readonly AttributeView[]
}

/** For templates/tomcat/server.hbs. */
export interface ServerView {
  /** -1: none. */
  readonly shutdownPort: number
  readonly listeners: readonly Element[]
  readonly connector: Element
  /** null: no AJP connector is mentioned. */
  readonly ajpPort: number | null
  /** null: session ids do not name the server. */
  readonly route: string | null
  /** null: the Tomcats do not copy sessions to each other. */
  readonly cluster: ElementView | null
  readonly remoteIp: Element
  readonly accessLog: Element
}

const element = (attributes: readonly Attribute[]): Element => ({
  attributes: attributeViews(attributes),
})

/** As in the server.xml that comes with the release, in that order. */
const listenersOf = (version: Version): readonly (readonly Attribute[])[] => {
  const line = lineOf(version)
  const tlsEngine: readonly Attribute[] =
    line === '7.0' || line === '8.5' ? [['SSLEngine', 'on']] : []
  const catalina = 'org.apache.catalina'
  const named = (name: string): readonly Attribute[] => [['className', `${catalina}.${name}`]]
  return [
    ...(hasSince(version, features.versionLogger) ? [named('startup.VersionLoggerListener')] : []),
    [...named('core.AprLifecycleListener'), ...tlsEngine],
    ...(hasSince(version, features.jasperListener) ? [named('core.JasperListener')] : []),
    named('core.JreMemoryLeakPreventionListener'),
    named('mbeans.GlobalResourcesLifecycleListener'),
    named('core.ThreadLocalLeakPreventionListener'),
  ]
}

/** The plain HTTP connector that the balancer connects to. */
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

/** RemoteIpValve keeps the client's address for the log, which reads it only when told to. */
const accessLogAttributes = (version: Version): readonly Attribute[] => [
  ['className', 'org.apache.catalina.valves.AccessLogValve'],
  ['directory', 'logs'],
  ['prefix', lineOf(version) === '7.0' ? 'localhost_access_log.' : 'localhost_access_log'],
  ['suffix', '.txt'],
  ['pattern', '%h %l %u %t "%r" %s %b'],
  ['requestAttributesEnabled', 'true'],
]

/** A server.xml like the one that comes with the release, with what affinity needs. */
export const serverView = (
  { version }: TomcatApp,
  route: string,
  { hasRoute, cluster }: Pick<StoreParts, 'hasRoute' | 'cluster'>,
  ports: Ports,
  remoteIp: readonly Attribute[],
): ServerView => ({
  shutdownPort: ports.shutdown ?? -1,
  listeners: listenersOf(version).map(element),
  connector: element(connectorAttributes(version, ports.http)),
  ajpPort: ports.ajp,
  route: hasRoute ? route : null,
  cluster: cluster === null ? null : elementView(cluster, 3),
  remoteIp: element([['className', remoteIpValve], ...remoteIp]),
  accessLog: element(accessLogAttributes(version)),
})
