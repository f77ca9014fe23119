import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { TomcatApp } from '../../model/app.ts'
import type { Server } from '../../model/cluster.ts'
import { inBase } from './base-file.ts'
import type { BaseServer } from './base-server.ts'
import { report } from './codes.ts'
import { numberIn, offsetIn } from './connectors.ts'
import { clusterChange, clusterSplices } from './edit-cluster.ts'
import type { Ports } from './ports.ts'
import { remoteIpValve } from './proxies.ts'
import { features, hasSince } from './release.ts'
import { connectorAttributes } from './server-view.ts'
import type { StoreParts } from './stores/parts.ts'
import { attributeOf, attributeValue, childrenOf, type XmlElement } from './xml/document.ts'
import {
  applySplices,
  type ChildPlace,
  insertChild,
  removeAttribute,
  type Splice,
  setAttribute,
} from './xml/edit.ts'
import type { Attribute } from './xml/write.ts'

export interface Edited {
  readonly text: string
  readonly diagnostics: readonly Diagnostic[]
}

const isRemoteIp = (valve: XmlElement): boolean =>
  attributeValue(valve, 'className')?.trim() === remoteIpValve

/** Before the other valves, so that they see the client; otherwise above the hosts. */
const valvePlace = (engine: XmlElement): ChildPlace => {
  const valve = childrenOf(engine, 'Valve')[0]
  if (valve !== undefined) return { kind: 'before', sibling: valve }
  const firstHost = engine.children.findIndex(({ name }) => name === 'Host')
  const above = engine.children[firstHost - 1]
  if (above !== undefined) return { kind: 'after', sibling: above }
  const host = engine.children[firstHost]
  return host === undefined ? { kind: 'last' } : { kind: 'before', sibling: host }
}

/** An existing valve keeps what it says; what is missing is added. */
const remoteIpSplices = (base: BaseServer, remoteIp: readonly Attribute[]): readonly Splice[] => {
  const { document, engine, host } = base
  const valves = [engine, ...(host === null ? [] : [host])].flatMap((parent) =>
    childrenOf(parent, 'Valve').filter(isRemoteIp),
  )
  const [valve] = valves
  if (valve === undefined) {
    const attributes: readonly Attribute[] = [['className', remoteIpValve], ...remoteIp]
    const node = { name: 'Valve', attributes, children: [] }
    return insertChild(document, engine, node, valvePlace(engine))
  }
  // The proxies send X-Forwarded-Proto and X-Forwarded-Port, whatever was there before. As for the
  // client's address, X-Forwarded-For is the default, and X-Real-IP is as good.
  const wanted = remoteIp.filter(([name, value]) => {
    const existing = attributeValue(valve, name)
    return name === 'protocolHeader' || name === 'portHeader'
      ? existing?.toLowerCase() !== value.toLowerCase()
      : name !== 'remoteIpHeader' && existing === null
  })
  return wanted.flatMap(([name, value]) => setAttribute(document, valve, name, value))
}

const proxyProblems = (base: BaseServer, { version }: TomcatApp): readonly Diagnostic[] => {
  if (hasSince(version, features.cidrProxies)) return []
  const { engine } = base
  const valves = [engine, ...engine.children].flatMap((parent) => childrenOf(parent, 'Valve'))
  return valves.filter(isRemoteIp).flatMap((valve) =>
    ['internalProxies', 'trustedProxies'].flatMap((name) => {
      const attribute = attributeOf(valve, name)
      if (attribute?.value.includes('/') !== true) return []
      const message = `${name}="${attribute.value}" is read as a regular expression by Tomcat ${version.text}`
      const help = 'remove it, or write an expression such as 10\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}'
      const at = inBase(base, attribute.valueStart)
      return [report('tomcat-base-proxies', at, message, help)]
    }),
  )
}

const listenerProblems = (base: BaseServer, { version }: TomcatApp): readonly Diagnostic[] => {
  if (hasSince(version, features.jasperListener)) return []
  return childrenOf(base.document.root, 'Listener')
    .filter(
      (listener) =>
        attributeValue(listener, 'className') === 'org.apache.catalina.core.JasperListener',
    )
    .map((listener) =>
      report(
        'tomcat-base-listener',
        inBase(base, listener.start),
        `Tomcat ${version.text} has no org.apache.catalina.core.JasperListener`,
        'remove the Listener: it is not needed since Tomcat 8',
      ),
    )
}

const routeChange = (base: BaseServer, route: string | null): readonly Diagnostic[] => {
  const old = attributeOf(base.engine, 'jvmRoute')
  if (old === null || old.value === route) return []
  const message =
    route === null
      ? `jvmRoute "${old.value}" goes: sessions that any server may answer name none`
      : `jvmRoute "${old.value}" becomes "${route}"`
  return [report('tomcat-base-route', inBase(base, old.valueStart), message, null)]
}

/** Each port that the file names and that becomes another. */
const portChanges = (base: BaseServer, server: Server, ports: Ports): readonly Diagnostic[] => {
  const { document, connector, ajp } = base
  const offset = offsetIn(base)
  const wanted: readonly (readonly [element: XmlElement | null, port: number | null])[] = [
    [document.root, server.tomcat.shutdownPort],
    [connector, ports.http],
    [ajp, ports.ajp],
  ]
  return wanted.flatMap(([element, port]) => {
    const old = element === null ? null : attributeOf(element, 'port')
    if (element === null || old === null || port === null) return []
    const is = port <= 0 ? port : port - offset
    if (numberIn(old.value) === is) return []
    const message = `port "${old.value}" of this ${element.name} becomes ${is}`
    return [report('tomcat-base-port', inBase(base, old.valueStart), message, null)]
  })
}

/** A placeholder that falls back to the wanted number says it already. */
const portSplices = (base: BaseServer, element: XmlElement, port: number): readonly Splice[] => {
  const is = port <= 0 ? port : port - offsetIn(base)
  return numberIn(attributeValue(element, 'port')) === is
    ? []
    : setAttribute(base.document, element, 'port', String(is))
}

const connectorSplices = (base: BaseServer, app: TomcatApp, ports: Ports): readonly Splice[] => {
  const { document, service, engine, connector, ajp } = base
  const ajpSplices = ajp === null || ports.ajp === null ? [] : portSplices(base, ajp, ports.ajp)
  if (connector !== null) return [...portSplices(base, connector, ports.http), ...ajpSplices]
  if (!base.lacksConnector) return ajpSplices
  const attributes = connectorAttributes(app.version, ports.http - offsetIn(base))
  const node = { name: 'Connector', attributes, children: [] }
  const place = { kind: 'before', sibling: engine } as const
  return [...insertChild(document, service, node, place), ...ajpSplices]
}

/** The existing server.xml with the ports, the route and the valve that the spec asks for, and no other change. */
export const editServer = (
  base: BaseServer,
  app: TomcatApp,
  server: Server,
  store: Pick<StoreParts, 'hasRoute' | 'cluster'>,
  ports: Ports,
  remoteIp: readonly Attribute[],
): Edited => {
  const { document, engine } = base
  const { shutdownPort } = server.tomcat
  const splices = [
    ...(shutdownPort === null ? [] : portSplices(base, document.root, shutdownPort)),
    ...connectorSplices(base, app, ports),
    ...(store.hasRoute
      ? setAttribute(document, engine, 'jvmRoute', server.route)
      : removeAttribute(document, engine, 'jvmRoute')),
    ...clusterSplices(base, store.cluster),
    ...remoteIpSplices(base, remoteIp),
  ]
  return {
    text: applySplices(document.text, splices),
    diagnostics: [
      ...base.diagnostics,
      ...portChanges(base, server, ports),
      ...routeChange(base, store.hasRoute ? server.route : null),
      ...clusterChange(base, store.cluster),
      ...proxyProblems(base, app),
      ...listenerProblems(base, app),
    ],
  }
}
