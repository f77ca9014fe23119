import type { Place } from '../../../diagnostics/diagnostic.ts'
import type { Findings } from '../../../diagnostics/findings.ts'
import { inBase } from '../../../dialects/tomcat/base-file.ts'
import { listeningPort } from '../../../dialects/tomcat/connectors.ts'
import { attributeOf } from '../../../dialects/tomcat/xml/document.ts'
import { report } from '../codes.ts'
import { haproxyJvmRoutes } from '../haproxy/jvm-routes.ts'
import { activeMembers, balancersOf, placeOfWord, routeOf, wordOf } from '../httpd/view.ts'
import { routeParameterOf, routesOf } from '../nginx/rules/routes.ts'
import { placeOf } from '../nginx/view.ts'
import type { Together, TogetherRule } from '../rule.ts'
import { elementsOf, type JvmRoute, jvmRoutesOf, type TomcatFile } from '../tomcat/view.ts'

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

/** The route by which a balancer looks for one server. */
interface BalancerRoute {
  readonly route: string
  readonly at: Place
  readonly port: number | null
  /** As it is written: srun_id, or route. */
  readonly parameter: string
}

const portIn = (address: string, usual: number): number | null => {
  if (address.startsWith('unix:')) return null
  const [, port] = /:(\d+)\/?$/.exec(address) ?? []
  return port === undefined ? usual : Number(port)
}

/** Those with a place; HAProxy has its routes in conditions. */
const balancerRoutes = ({ nginx, httpd }: Together): readonly BalancerRoute[] => [
  ...nginx.upstreams.flatMap((upstream) => {
    const parameter = routeParameterOf(upstream)
    if (parameter === null) return []
    return routesOf(upstream, parameter).map(({ route, server, argument }) => ({
      ...{ route, parameter, at: placeOf(server, argument) },
      port: portIn(server.args[0] ?? '', 80),
    }))
  }),
  ...httpd.flatMap((file) =>
    balancersOf(file).flatMap((balancer) =>
      activeMembers(balancer).flatMap((member) => {
        const route = routeOf(member)
        if (route === null) return []
        const { url } = member
        return [
          {
            ...{ route: route.value, parameter: 'route' },
            at: placeOfWord(file, route.statement, wordOf(route)),
            port: portIn(url, /^ajp:/i.test(url) ? 8009 : 80),
          },
        ]
      }),
    ),
  ),
]

const portsOf = (server: TomcatFile): readonly number[] =>
  elementsOf(server, 'Connector').flatMap((each) => listeningPort(server, each) ?? [])

/** The only Tomcat on the port of the only server on it. */
const tomcatOn = (
  { port }: BalancerRoute,
  routes: readonly BalancerRoute[],
  servers: readonly TomcatFile[],
): JvmRoute | null => {
  if (port === null || routes.filter((each) => each.port === port).length !== 1) return null
  const [server, another] = servers.filter((each) => portsOf(each).includes(port))
  if (server === undefined || another !== undefined) return null
  const [route, other] = jvmRoutesOf(server)
  return route === undefined || other !== undefined ? null : route
}

/** Tomcats on one host, by their ports: the routes are right, but not those of these servers. */
const reportSwapped = (
  routes: readonly BalancerRoute[],
  servers: readonly TomcatFile[],
  known: ReadonlySet<string>,
  findings: Findings,
): void => {
  for (const each of routes) {
    const tomcat = tomcatOn(each, routes, servers)
    if (tomcat === null || tomcat.route === each.route || !known.has(each.route)) continue
    if (!routes.some(({ route }) => route === tomcat.route)) continue
    report(
      findings,
      'route-unmatched',
      each.at,
      `the Tomcat on port ${each.port} has jvmRoute "${tomcat.route}" (${tomcat.file}), but this server has ${each.parameter}=${each.route}`,
      'write the same route in both files',
    )
  }
}

/** Whether all Tomcats are given, as far as the balancers have servers. */
const isComplete = (servers: readonly TomcatFile[], routes: ReadonlySet<string>): boolean => {
  const engines = servers.flatMap((server) => elementsOf(server, 'Engine'))
  const written = servers.flatMap(jvmRoutesOf)
  return written.length === engines.length && written.length >= routes.size
}

/** Routes that the balancer and the Tomcats do not both have: at the server of the balancer if all Tomcats are given. */
export const routeUnmatched: TogetherRule = (files, findings) => {
  const balancer = balancerRoutes(files)
  const routes = new Set([
    ...balancer.map(({ route }) => route),
    ...haproxyJvmRoutes(files.haproxy),
  ])
  const isPartial = files.nginx.upstreams.some(({ node }) => node.isPartial)
  if (routes.size === 0 || isPartial) return
  const { servers } = files.tomcat
  const jvmRoutes = servers.flatMap(jvmRoutesOf)
  const known = new Set(jvmRoutes.map(({ route }) => route))
  const dead = isComplete(servers, routes) ? balancer.filter(({ route }) => !known.has(route)) : []
  for (const { route, at, parameter } of dead)
    report(
      findings,
      'route-unmatched',
      at,
      `no Tomcat has the jvmRoute "${route}" of this ${parameter}, only: ${jvmRoutes.map((each) => `${each.route} (${each.file})`).join(', ')}`,
      'write the same route in both files',
    )
  // One name that is written in two ways is one mistake.
  for (const { route, at } of jvmRoutes
    .filter((each) => !routes.has(each.route))
    .slice(dead.length))
    report(
      findings,
      'route-unmatched',
      at,
      `no server of the balancer has the route "${route}", only: ${[...routes].join(', ')}`,
      'write the same route in both files',
    )
  reportSwapped(balancer, servers, known, findings)
}

/** A Tomcat whose session ids have no route, although the balancer looks for one. */
export const jvmRouteMissing: TogetherRule = (files, findings) => {
  const routes = balancerRoutes(files)
  for (const server of files.tomcat.servers) {
    const ports = portsOf(server)
    const sent = routes.find(({ port }) => port !== null && ports.includes(port))
    if (sent === undefined) continue
    for (const engine of elementsOf(server, 'Engine')) {
      if (attributeOf(engine, 'jvmRoute') !== null) continue
      report(
        findings,
        'route-missing',
        inBase(server, engine.start),
        `this Engine has no jvmRoute, but the balancer finds its servers by ${sent.parameter}: no session stays on this Tomcat`,
        `write the ${sent.parameter} of this server as jvmRoute, unless setenv.sh sets -DjvmRoute`,
      )
    }
  }
}
