import type { Findings } from '../../../diagnostics/findings.ts'
import type { TomcatApp } from '../../../model/app.ts'
import type { Upstream } from '../../../model/cluster.ts'
import { type AjpParts, ajpAddress, secretName, speaksAjp } from '../ajp.ts'
import { inBase } from '../base-file.ts'
import type { BaseServer } from '../base-server.ts'
import { report } from '../codes.ts'
import { numberIn, offsetIn } from '../connectors.ts'
import type { PlacedInstance } from '../ports.ts'
import { remoteIpValve } from '../proxies.ts'
import { features, hasSince } from '../release.ts'
import { balancerAttributes } from '../server-view.ts'
import type { StoreParts } from '../stores/parts.ts'
import { attributeOf, attributeValue, childrenOf, type XmlElement } from '../xml/document.ts'
import {
  applySplices,
  type ChildPlace,
  insertChild,
  removeAttribute,
  type Splice,
  setAttribute,
} from '../xml/edit.ts'
import { type Attribute, xmlNode } from '../xml/write.ts'
import { reportChange } from './change.ts'
import { clusterSplices } from './cluster.ts'

const isRemoteIp = (valve: XmlElement): boolean =>
  attributeValue(valve, 'className')?.trim() === remoteIpValve

/** Before the other valves, so that they see the client address; else before the Hosts. */
const valvePlace = (engine: XmlElement): ChildPlace => {
  const valve = childrenOf(engine, 'Valve')[0]
  if (valve !== undefined) return { kind: 'before', sibling: valve }
  const firstHost = engine.children.findIndex(({ name }) => name === 'Host')
  const above = engine.children[firstHost - 1]
  if (above !== undefined) return { kind: 'after', sibling: above }
  const host = engine.children[firstHost]
  return host === undefined ? { kind: 'last' } : { kind: 'before', sibling: host }
}

/** Inserts a RemoteIpValve, or adds the missing attributes to the existing one. */
const remoteIpSplices = (
  base: BaseServer,
  { frontends }: PlacedInstance,
  remoteIp: readonly Attribute[],
): readonly Splice[] => {
  // The headers are those of a proxy that sessctl does not write.
  if (frontends.length === 0) return []
  const { document, engine, host } = base
  const [valve] = [engine, ...(host === null ? [] : [host])].flatMap((parent) =>
    childrenOf(parent, 'Valve').filter(isRemoteIp),
  )
  if (valve === undefined) {
    const node = xmlNode('Valve', [['className', remoteIpValve], ...remoteIp])
    return insertChild(document, engine, node, valvePlace(engine))
  }
  // The balancer sends X-Forwarded-Proto and X-Forwarded-Port. An existing remoteIpHeader is kept:
  // the balancer sends the client address in X-Forwarded-For, the default, and in X-Real-IP.
  const missing = remoteIp.filter(([name, value]) => {
    const existing = attributeValue(valve, name)
    return name === 'protocolHeader' || name === 'portHeader'
      ? existing?.toLowerCase() !== value.toLowerCase()
      : name !== 'remoteIpHeader' && existing === null
  })
  return missing.flatMap(([name, value]) => setAttribute(document, valve, name, value))
}

const reportProxies = (base: BaseServer, { version }: TomcatApp, findings: Findings): void => {
  if (hasSince(version, features.cidrProxies)) return
  const parents = [base.engine, ...base.engine.children]
  for (const valve of parents.flatMap((parent) => childrenOf(parent, 'Valve')).filter(isRemoteIp))
    for (const name of ['internalProxies', 'trustedProxies']) {
      const attribute = attributeOf(valve, name)
      if (attribute?.value.includes('/') !== true) continue
      const message = `Tomcat ${version.text} reads ${name}="${attribute.value}" as a regular expression, not as networks`
      const help = `remove ${name}, or write an expression such as 10\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}`
      report(findings, 'tomcat-base-proxies', inBase(base, attribute.valueStart), message, help)
    }
}

const reportListeners = (base: BaseServer, { version }: TomcatApp, findings: Findings): void => {
  if (hasSince(version, features.jasperListener)) return
  for (const listener of childrenOf(base.document.root, 'Listener')) {
    const className = attributeValue(listener, 'className')
    if (className !== 'org.apache.catalina.core.JasperListener') continue
    const message = `Tomcat ${version.text} does not have the class ${className}`
    const help = 'remove the Listener: Tomcat 8 and later do not need it'
    report(findings, 'tomcat-base-listener', inBase(base, listener.start), message, help)
  }
}

/** Sets a port, without portOffset; a placeholder with this default value is kept. */
const portSplices = (
  base: BaseServer,
  element: XmlElement,
  port: number,
  findings: Findings,
): readonly Splice[] => {
  const wanted = port <= 0 ? port : port - offsetIn(base)
  const existing = attributeOf(element, 'port')
  if (numberIn(existing?.value ?? null) === wanted) return []
  if (existing !== null) {
    const message = `port "${existing.value}" of this ${element.name} changes to ${wanted}`
    report(findings, 'tomcat-base-port', inBase(base, existing.valueStart), message, null)
  }
  return setAttribute(base.document, element, 'port', String(wanted))
}

/** The address and the secret of an existing AJP Connector. An address of the file is kept. */
const ajpSplices = (
  base: BaseServer,
  connector: XmlElement,
  instance: PlacedInstance,
  { secret }: AjpParts,
  findings: Findings,
): readonly Splice[] => {
  const { document } = base
  const isOldName = attributeOf(connector, 'requiredSecret') !== null
  const name = isOldName ? 'requiredSecret' : secretName(instance.app.version)
  const from = attributeValue(connector, name)
  if (secret !== null && from !== null && from !== secret)
    reportChange(base, { kind: 'attribute', element: connector, name, from, to: secret }, findings)
  return [
    ...(attributeOf(connector, 'address') === null
      ? setAttribute(document, connector, 'address', ajpAddress(instance))
      : []),
    ...(secret === null ? [] : setAttribute(document, connector, name, secret)),
  ]
}

const connectorSplices = (
  base: BaseServer,
  instance: PlacedInstance,
  ajp: AjpParts,
  findings: Findings,
): readonly Splice[] => {
  const { document, service, engine, connector } = base
  const { ports } = instance
  if (connector !== null)
    return [
      ...portSplices(base, connector, ports.balancer, findings),
      ...(speaksAjp(instance) ? ajpSplices(base, connector, instance, ajp, findings) : []),
    ]
  if (!base.lacksConnector) return []
  const port = ports.balancer - offsetIn(base)
  const node = xmlNode('Connector', balancerAttributes(instance, ajp, port))
  return insertChild(document, service, node, { kind: 'before', sibling: engine })
}

/** Whether the proxy takes routes from requests: without them, sessions stay together as they did. */
const readsRoutes = ({ affinity }: Upstream): boolean =>
  affinity.method === 'jvm_route' || (affinity.method === 'sticky' && affinity.by === 'route')

/** @param route null: session ids do not contain a route. */
const routeSplices = (
  base: BaseServer,
  { upstream }: PlacedInstance,
  route: string | null,
  findings: Findings,
): readonly Splice[] => {
  const { document, engine } = base
  const existing = attributeOf(engine, 'jvmRoute')
  if (existing === null && !readsRoutes(upstream)) return []
  if (existing !== null && existing.value !== route) {
    const message =
      route === null
        ? `jvmRoute "${existing.value}" is removed: every server can serve every session`
        : `jvmRoute "${existing.value}" changes to "${route}"`
    report(findings, 'tomcat-base-route', inBase(base, existing.valueStart), message, null)
  }
  return route === null
    ? removeAttribute(document, engine, 'jvmRoute')
    : setAttribute(document, engine, 'jvmRoute', route)
}

/** @returns the text of an existing server.xml with the ports, the route, the Cluster and the valve of the spec. */
export const editServer = (
  base: BaseServer,
  instance: PlacedInstance,
  store: StoreParts,
  ajp: AjpParts,
  remoteIp: readonly Attribute[],
  findings: Findings,
): string => {
  const { app, server, ports } = instance
  const { document, other } = base
  const { shutdownPort } = server.tomcat
  reportProxies(base, app, findings)
  reportListeners(base, app, findings)
  return applySplices(document.text, [
    ...(shutdownPort === null ? [] : portSplices(base, document.root, shutdownPort, findings)),
    ...connectorSplices(base, instance, ajp, findings),
    ...(other === null || ports.other === null
      ? []
      : portSplices(base, other, ports.other, findings)),
    ...routeSplices(base, instance, store.hasRoute ? server.route : null, findings),
    ...clusterSplices(base, store.cluster, findings),
    ...remoteIpSplices(base, instance, remoteIp),
  ])
}
