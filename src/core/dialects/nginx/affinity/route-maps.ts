import { atValue } from '../../../diagnostics/diagnostic.ts'
import type { Findings } from '../../../diagnostics/findings.ts'
import type { JvmRouteAffinity, StickyRouteAffinity } from '../../../model/affinity.ts'
import type { Server } from '../../../model/cluster.ts'
import { routeAlternatives, routesByLength } from '../../regular-expressions.ts'
import { report } from '../codes.ts'
import type { Names } from '../names.ts'
import { isVariableName } from '../variables.ts'
import type { MapGroupView, MapView } from './implementation.ts'

/** A variable with the route of the request, and the maps that set it. */
export interface RouteSource {
  readonly variable: string
  readonly maps: readonly MapGroupView[]
}

/** Named groups become global variables: these names are not used elsewhere. */
const routeGroup = 'sessctl_route'
const sessionGroup = 'sessctl_session'

type Entry = MapView['entries'][number]

/** In names of cookies and parameters, only dots are special in a regular expression. */
const inExpression = (name: string): string => name.replaceAll('.', '\\.')

/** From the URL: `;name=…` or `?name=…`, whose value ends at the next delimiter. */
const urlEntries = (affinity: JvmRouteAffinity, servers: readonly Server[]): readonly Entry[] => {
  const name = inExpression(affinity.url)
  if (affinity.reverse) {
    return [
      { key: `~*[;?&]${name}=[^;/?#&]*\\.(?<${routeGroup}>[^.;/?#&]+)`, value: `$${routeGroup}` },
    ]
  }
  return routesByLength(servers).map((route) => ({
    key: `~[;?&](?i:${name})=${route}`,
    value: route,
  }))
}

/** From the cookie; without a cookie, from the URL. */
const cookieEntries = (
  affinity: JvmRouteAffinity,
  servers: readonly Server[],
  routeInUrl: string,
): readonly Entry[] => [
  { key: '', value: routeInUrl },
  ...(affinity.reverse
    ? [{ key: `~\\.(?<${routeGroup}>[^.]+)$`, value: `$${routeGroup}` }]
    : routesByLength(servers).map((route) => ({ key: `~^${route}`, value: route }))),
]

/** nginx has a variable for each cookie whose name is a variable name; other cookies need a map. */
export const cookieVariable = (
  cookie: string,
  /** The name of a variable, if one is needed. */
  requested: string,
  names: Names,
): { readonly variable: string; readonly maps: readonly MapView[] } => {
  if (isVariableName(cookie)) return { variable: `$cookie_${cookie}`, maps: [] }
  const variable = names.variable(requested)
  const key = `~*(?:^|[;,] *)${inExpression(cookie)}=(?<${sessionGroup}>[^;, ]*)`
  const entries = [{ key, value: `$${sessionGroup}` }]
  return { variable, maps: [{ source: '$http_cookie', variable, entries }] }
}

/**
 * An expression for the first of several session cookies with the route of a server. A browser sends
 * several if their paths or domains differ; Tomcat uses the first whose session it knows.
 * @returns null: there are too many servers for an expression.
 */
const knownRoute = (
  { cookie, reverse }: JvmRouteAffinity,
  servers: readonly Server[],
): string | null => {
  const routes = routeAlternatives(servers, reverse)
  if (routes === null) return null
  const start = `~(?:^|[;,]) *(?i:${inExpression(cookie)})=`
  const group = `(?<${routeGroup}>${routes})`
  return reverse ? `${start}[^;, ]*\\.${group} *(?:[;,]|$)` : `${start}${group}`
}

/** The route in the session id, found as the jvm_route module finds it. */
export const routeOfSession = (
  affinity: JvmRouteAffinity,
  { name, servers }: { readonly name: string; readonly servers: readonly Server[] },
  names: Names,
  findings: Findings,
): RouteSource => {
  const session = cookieVariable(affinity.cookie, `sessionid_${name}`, names)
  const inUrl = names.variable(`route_in_url_${name}`)
  const known = knownRoute(affinity, servers)
  const inFirstCookie = known === null ? null : names.variable(`route_in_first_cookie_${name}`)
  const variable = names.variable(`route_${name}`)
  const maps: MapView[] = [
    ...session.maps,
    { source: '$request_uri', variable: inUrl, entries: urlEntries(affinity, servers) },
    {
      source: session.variable,
      variable: inFirstCookie ?? variable,
      entries: cookieEntries(affinity, servers, inUrl),
    },
  ]
  if (known === null || inFirstCookie === null) {
    report(
      findings,
      'nginx-first-cookie',
      atValue([...affinity.path, 'method']),
      `of several cookies ${affinity.cookie} only the first is used: the routes of ${servers.length} servers do not fit into one expression`,
      'use the jvm_route module, which reads all of them',
    )
  } else {
    maps.push({
      source: '$http_cookie',
      variable,
      entries: [
        { key: 'default', value: inFirstCookie },
        { key: known, value: `$${routeGroup}` },
      ],
    })
  }
  return {
    variable,
    maps: [{ upstream: name, isSession: true, isVariables: false, isPool: false, maps }],
  }
}

/** The first of the variables that is not empty. */
export const routeOfVariables = (
  { from }: StickyRouteAffinity,
  upstream: string,
  names: Names,
): RouteSource => {
  const earlier = from.slice(0, -1)
  const maps: MapView[] = []
  let route = from.at(-1) ?? ''
  for (const source of earlier.reverse()) {
    const variable = names.variable(`route_${upstream}`)
    maps.push({
      source,
      variable,
      entries: [
        { key: 'default', value: source },
        { key: '', value: route },
      ],
    })
    route = variable
  }
  const group = { upstream, isSession: false, isVariables: true, isPool: false, maps }
  return { variable: route, maps: maps.length === 0 ? [] : [group] }
}
