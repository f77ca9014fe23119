import { atValue, type Diagnostic } from '../../../diagnostics/diagnostic.ts'
import type { JvmRouteAffinity, StickyRouteAffinity } from '../../../model/affinity.ts'
import type { Server } from '../../../model/cluster.ts'
import { routeAlternatives, routesByLength } from '../../regular-expressions.ts'
import { report } from '../codes.ts'
import type { Names } from '../names.ts'
import { isVariableName } from '../variables.ts'
import type { MapGroupView, MapView } from '../views.ts'

/** A variable that holds the route of the request, and the maps that fill it. */
export interface RouteSource {
  readonly variable: string
  readonly maps: readonly MapGroupView[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Groups of expressions become variables of all of nginx: their names are nobody else's. */
const routeGroup = 'sessctl_route'
const sessionGroup = 'sessctl_session'

type Entry = MapView['entries'][number]

/** Dots are all that cookie and parameter names have of regular expressions. */
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

/** From the cookie; where there is none, what the URL says. */
const cookieEntries = (
  affinity: JvmRouteAffinity,
  servers: readonly Server[],
  fromUrl: string,
): readonly Entry[] => [
  { key: '', value: fromUrl },
  ...(affinity.reverse
    ? [{ key: `~\\.(?<${routeGroup}>[^.]+)$`, value: `$${routeGroup}` }]
    : routesByLength(servers).map((route) => ({ key: `~^${route}`, value: route }))),
]

/** nginx has a variable for every cookie whose name could be one; for the others a map looks. */
const sessionOf = (
  cookie: string,
  upstream: string,
  names: Names,
): { readonly variable: string; readonly maps: readonly MapView[] } => {
  if (isVariableName(cookie)) return { variable: `$cookie_${cookie}`, maps: [] }
  const variable = names.variable(`sessionid_${upstream}`)
  const key = `~*(?:^|[;,] *)${inExpression(cookie)}=(?<${sessionGroup}>[^;, ]*)`
  const entries = [{ key, value: `$${sessionGroup}` }]
  return { variable, maps: [{ source: '$http_cookie', variable, entries }] }
}

/**
 * A browser may send several cookies of one name, of several paths or domains. Tomcat takes the first
 * session that it knows, so the first route that is a server's counts.
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

const firstCookieOnly = (
  { cookie, path }: JvmRouteAffinity,
  servers: readonly Server[],
): Diagnostic =>
  report(
    'nginx-first-cookie',
    atValue([...path, 'method']),
    `of several cookies ${cookie} only the first counts: no expression holds the routes of ${servers.length} servers`,
    'the jvm_route module looks at all of them',
  )

/** The route in a session id, as the jvm_route module finds it. */
export const routeOfSession = (
  affinity: JvmRouteAffinity,
  upstream: { readonly name: string; readonly servers: readonly Server[] },
  names: Names,
): RouteSource => {
  const session = sessionOf(affinity.cookie, upstream.name, names)
  const fromUrl = names.variable(`route_in_url_${upstream.name}`)
  const known = knownRoute(affinity, upstream.servers)
  const first = known === null ? null : names.variable(`route_in_first_cookie_${upstream.name}`)
  const variable = names.variable(`route_${upstream.name}`)
  const maps = [
    ...session.maps,
    {
      source: '$request_uri',
      variable: fromUrl,
      entries: urlEntries(affinity, upstream.servers),
    },
    {
      source: session.variable,
      variable: first ?? variable,
      entries: cookieEntries(affinity, upstream.servers, fromUrl),
    },
    ...(known === null || first === null
      ? []
      : [
          {
            source: '$http_cookie',
            variable,
            entries: [
              { key: 'default', value: first },
              { key: known, value: `$${routeGroup}` },
            ],
          },
        ]),
  ]
  return {
    variable,
    maps: [{ upstream: upstream.name, isSession: true, isVariables: false, isPool: false, maps }],
    diagnostics: known === null ? [firstCookieOnly(affinity, upstream.servers)] : [],
  }
}

/** The first of the variables that is not empty. */
export const routeOfVariables = (
  { from }: StickyRouteAffinity,
  upstream: string,
  names: Names,
): RouteSource => {
  const last = from.at(-1) ?? ''
  const earlier = from.slice(0, -1)
  if (earlier.length === 0) return { variable: last, maps: [], diagnostics: [] }
  const maps: MapView[] = []
  let rest = last
  for (const source of earlier.reverse()) {
    const variable = names.variable(`route_${upstream}`)
    maps.push({
      source,
      variable,
      entries: [
        { key: 'default', value: source },
        { key: '', value: rest },
      ],
    })
    rest = variable
  }
  return {
    variable: rest,
    maps: [{ upstream, isSession: false, isVariables: true, isPool: false, maps }],
    diagnostics: [],
  }
}
