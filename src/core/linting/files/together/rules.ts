import { inBase } from '../../../dialects/tomcat/base-file.ts'
import { report as reportTomcat } from '../../../dialects/tomcat/codes.ts'
import { layerOf } from '../../../dialects/tomcat/effective/layer.ts'
import { childrenOf } from '../../../dialects/tomcat/xml/document.ts'
import { report } from '../codes.ts'
import { haproxyJvmRoutes } from '../haproxy/jvm-routes.ts'
import { activeMembers, balancersOf, parameterOf } from '../httpd/view.ts'
import { routeParameterOf, routesOf } from '../nginx/rules/routes.ts'
import type { Together, TogetherRule } from '../rule.ts'
import { inlineLayersOf, isReplicating, jvmRoutesOf } from '../tomcat/view.ts'
import { idleConnections } from './idle-connections.ts'

/** Session ids of both Tomcats end with the same route. */
export const jvmRouteRepeated: TogetherRule = ({ tomcat }, findings) => {
  const first = new Map<string, string>()
  for (const { route, file, at } of tomcat.servers.flatMap(jvmRoutesOf)) {
    const other = first.get(route)
    first.set(route, other ?? file)
    if (other === undefined || other === file) continue
    report(
      findings,
      'route-repeated',
      at,
      `jvmRoute "${route}" is also the jvmRoute of ${other}`,
      'give each Tomcat its own jvmRoute',
    )
  }
}

/** The routes by which balancers look for the servers of Tomcats. */
const balancerRoutes = ({ nginx, haproxy, httpd }: Together): ReadonlySet<string> =>
  new Set([
    ...nginx.upstreams.flatMap((upstream) => {
      const parameter = routeParameterOf(upstream)
      return parameter === null ? [] : routesOf(upstream, parameter).map(({ route }) => route)
    }),
    ...haproxyJvmRoutes(haproxy),
    ...httpd.flatMap((file) =>
      balancersOf(file).flatMap((balancer) =>
        activeMembers(balancer).flatMap((member) => parameterOf(member, 'route')?.value ?? []),
      ),
    ),
  ])

/** A Tomcat whose sessions no balancer sends back to it. */
export const routeUnmatched: TogetherRule = (files, findings) => {
  const routes = balancerRoutes(files)
  const isPartial = files.nginx.upstreams.some(({ node }) => node.isPartial)
  if (routes.size === 0 || isPartial) return
  for (const { route, at } of files.tomcat.servers.flatMap(jvmRoutesOf)) {
    if (routes.has(route)) continue
    report(
      findings,
      'route-unmatched',
      at,
      `no server of the balancer has the route "${route}", only: ${[...routes].join(', ')}`,
      'write the same route in both files',
    )
  }
}

/** Of a Context in server.xml and conf/context.xml, the Manager of the latter is used. */
export const managerOverruled: TogetherRule = ({ tomcat }, findings) => {
  for (const server of tomcat.servers) {
    const folder = server.file.slice(0, server.file.lastIndexOf('/') + 1)
    const global = tomcat.contexts.find(({ file }) => file === `${folder}context.xml`)
    if (global === undefined || layerOf(global).manager === null) continue
    for (const { manager, isOverride } of inlineLayersOf(server)) {
      if (manager === null || isOverride) continue
      report(
        findings,
        'manager-overruled',
        manager.at,
        `Tomcat does not use this Manager: the Manager of ${global.file} replaces it`,
        'remove one of them, or write override="true" in this Context',
      )
    }
  }
}

/** Without <distributable/> Tomcat uses its local Manager. */
export const notDistributable: TogetherRule = ({ tomcat }, findings) => {
  const replicating = [...tomcat.servers, ...tomcat.contexts].find(isReplicating)
  if (replicating === undefined) return
  const isSet = tomcat.webApps.some(
    ({ document }) => childrenOf(document.root, 'distributable').length > 0,
  )
  const [webApp, ...others] = tomcat.webApps
  if (webApp === undefined || others.length > 0 || isSet) return
  reportTomcat(
    findings,
    'tomcat-not-distributable',
    inBase(webApp, webApp.document.root.start),
    `the application is not distributable: Tomcat does not replicate its sessions, although ${replicating.file} says so`,
    'write <distributable/> into this file',
  )
}

export const togetherRules: readonly TogetherRule[] = [
  jvmRouteRepeated,
  routeUnmatched,
  managerOverruled,
  notDistributable,
  idleConnections,
]
