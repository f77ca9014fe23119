import { report } from '../../codes.ts'
import type { NginxRule } from '../../rule.ts'
import { isPlaceholder, type NginxNode, type NginxUpstream, placeOf } from '../view.ts'

/** The parameter of `server` in which an upstream has its routes; null: its affinity needs none. */
export const routeParameterOf = ({ node }: NginxUpstream): 'srun_id' | 'route' | null => {
  if (node.children.some(({ name }) => name === 'jvm_route')) return 'srun_id'
  const sticky = node.children.find(({ name }) => name === 'sticky')
  return sticky?.args[0] === 'route' ? 'route' : null
}

export interface Route {
  readonly route: string
  readonly server: NginxNode
  /** The argument of the directive that has it. */
  readonly argument: number
}

/** The routes of the servers of an upstream that are written in full. */
export const routesOf = (upstream: NginxUpstream, parameter: string): readonly Route[] =>
  upstream.servers.flatMap((server) => {
    const argument = server.args.findIndex((arg) => arg.startsWith(`${parameter}=`))
    const route = server.args[argument]?.slice(parameter.length + 1) ?? ''
    return argument === -1 || isPlaceholder(route) ? [] : [{ route, server, argument }]
  })

const isSpare = ({ args }: NginxNode): boolean => args.includes('backup') || args.includes('down')

/** A server to which no session is sent by its route. */
export const routeMissing: NginxRule = ({ upstreams }, findings) => {
  for (const upstream of upstreams) {
    const parameter = routeParameterOf(upstream)
    const { node, servers, name } = upstream
    // `srun_id ID ADDRESS;` gives the route apart from the server.
    if (parameter === null || node.children.some((child) => child.name === 'srun_id')) continue
    if (node.isPartial) continue
    const without = servers.filter(
      (server) =>
        !isSpare(server) &&
        !server.args.some((arg) => arg.startsWith(`${parameter}=`) || isPlaceholder(arg)),
    )
    for (const server of without)
      report(
        findings,
        'route-missing',
        placeOf(server),
        `the server ${server.args[0] ?? ''} of upstream "${name}" has no ${parameter}: no session stays on it`,
        `add ${parameter}=ROUTE with the jvmRoute of this server`,
      )
  }
}

/** Two servers with one route; a backup may have the route of the server that it stands in for. */
export const routeRepeated: NginxRule = ({ upstreams }, findings) => {
  for (const upstream of upstreams) {
    const parameter = routeParameterOf(upstream)
    if (parameter === null) continue
    const first = new Map<string, NginxNode>()
    for (const { route, server, argument } of routesOf(upstream, parameter)) {
      if (isSpare(server)) continue
      const other = first.get(route)
      first.set(route, other ?? server)
      if (other === undefined || other.args[0] === server.args[0]) continue
      report(
        findings,
        'route-repeated',
        placeOf(server, argument),
        `${parameter}=${route} is also the route of ${other.args[0] ?? ''}`,
        'give each server the jvmRoute of its Tomcat',
      )
    }
  }
}
