import type { JvmRouteAffinity, StickyRouteAffinity } from '../../../model/affinity.ts'
import type { Server } from '../../../model/cluster.ts'
import type { Names } from '../names.ts'
import { isVariableName } from '../variables.ts'
import type { MapGroupView, MapView } from '../views.ts'

/** A variable that holds the route of the request, and the maps that fill it. */
export interface RouteSource {
  readonly variable: string
  readonly maps: readonly MapGroupView[]
}

/** Groups of expressions become variables of all of nginx: their names are nobody else's. */
const routeGroup = 'sessctl_route'
const sessionGroup = 'sessctl_session'

type Entry = MapView['entries'][number]

/** Dots are all that cookie and parameter names have of regular expressions. */
const inExpression = (name: string): string => name.replaceAll('.', '\\.')

/** The longest route first, for the first expression that matches counts. */
const byLength = (servers: readonly Server[]): readonly string[] =>
  servers.map(({ route }) => route).sort((a, b) => b.length - a.length || (a < b ? -1 : 1))

/** From the URL: `;name=…` or `?name=…`, whose value ends at the next delimiter. */
const urlEntries = (affinity: JvmRouteAffinity, servers: readonly Server[]): readonly Entry[] => {
  const name = inExpression(affinity.url)
  if (affinity.reverse) {
    return [
      { key: `~*[;?&]${name}=[^;/?#&]*\\.(?<${routeGroup}>[^.;/?#&]+)`, value: `$${routeGroup}` },
    ]
  }
  return byLength(servers).map((route) => ({ key: `~[;?&](?i:${name})=${route}`, value: route }))
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
    : byLength(servers).map((route) => ({ key: `~^${route}`, value: route }))),
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

/** The route in a session id, as the jvm_route module finds it. */
export const routeOfSession = (
  affinity: JvmRouteAffinity,
  upstream: { readonly name: string; readonly servers: readonly Server[] },
  names: Names,
): RouteSource => {
  const session = sessionOf(affinity.cookie, upstream.name, names)
  const fromUrl = names.variable(`route_in_url_${upstream.name}`)
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
      variable,
      entries: cookieEntries(affinity, upstream.servers, fromUrl),
    },
  ]
  return {
    variable,
    maps: [{ upstream: upstream.name, isSession: true, isVariables: false, isPool: false, maps }],
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
  if (earlier.length === 0) return { variable: last, maps: [] }
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
  }
}
