import { Findings } from '../../diagnostics/findings.ts'
import { affinityView } from '../../dialects/haproxy/affinity/index.ts'
import type { AffinityView, StickView } from '../../dialects/haproxy/affinity/view.ts'
import { balanceOf, serverIds } from '../../dialects/haproxy/backends/balance.ts'
import { failoverOf } from '../../dialects/haproxy/backends/failures.ts'
import { type Context, featuresOf } from '../../dialects/haproxy/context.ts'
import type { StickyLearnAffinity } from '../../model/affinity.ts'
import type { Cluster, Upstream } from '../../model/cluster.ts'
import type { HaproxyTarget } from '../../model/target.ts'
import { type Affinity, none } from '../haproxy/affinity.ts'
import { cookie } from '../haproxy/cookie.ts'
import { type HaproxyOptions, haproxyDefaults } from '../haproxy/model.ts'
import { stickTable, type Table } from '../haproxy/stick-table.ts'
import { useServer } from '../haproxy/use-server.ts'
import { cookieValue, type Request } from '../request.ts'
import type { Form } from './form.ts'
import { type HaproxyMethod, haproxyMethodOf } from './haproxy-method.ts'
import { routeReaderOf } from './routes.ts'
import { nginxServerDefaults, routesOf, simulatedFrom } from './servers.ts'
import { variableText } from './variables.ts'

const cookieOf = (variable: string): string | null =>
  /^\$(?:upstream_)?cookie_(\w+)$/.exec(variable)?.[1] ?? null

const tableOf = (
  { lookup, create, timeoutMs }: StickyLearnAffinity,
  { size, peers }: StickView,
  table: Table,
): Affinity<Table> =>
  stickTable(
    {
      lookups: lookup.map((variable): ((request: Request) => string | null) => {
        const name = cookieOf(variable)
        return name === null
          ? variableText(variable.slice(1))
          : ({ cookies }) => cookieValue(cookies, name)
      }),
      creates: create.map((variable) => {
        const name = cookieOf(variable)
        return ({ setCookies }) => (name === null ? null : cookieValue(setCookies, name))
      }),
      expire: timeoutMs / 1000,
      size,
      peers: peers !== null,
    },
    table,
  )

const titleOf = (
  { cookie: by, stick, usesServer }: AffinityView,
  method: HaproxyMethod,
): string => {
  if (by !== null) return `cookie ${by.name} ${by.mode}, ${method.title}`
  if (stick !== null) return `stick-table, ${method.title}`
  return usesServer ? `use-server, ${method.title}` : method.title
}

/** The form that the dialect writes; null: it refuses the upstream. */
export const haproxyForm = (
  cluster: Cluster,
  upstream: Upstream,
  target: HaproxyTarget,
): Form | null => {
  const { version } = target
  const findings = new Findings()
  const context: Context = {
    cluster,
    target,
    version,
    features: featuresOf(version),
    upstreamNames: new Set(cluster.upstreams.map(({ name }) => name)),
    looksBesideCrt: false,
    findings,
  }
  const balance = balanceOf(upstream, context)
  const view = affinityView(upstream, context)
  const { retries, redispatches } = failoverOf(upstream, context)
  if (findings.hasErrors) return null
  const method = haproxyMethodOf(upstream, balance, version)
  const ids = balance.isConsistent ? serverIds(upstream.servers) : null
  const servers = upstream.servers.map((server) =>
    simulatedFrom(server, nginxServerDefaults, { id: ids?.get(server) ?? null }),
  )
  const options: HaproxyOptions = {
    ...haproxyDefaults,
    retries: redispatches ? Number(retries) : 0,
  }
  const { affinity } = upstream
  const strict = affinity.method !== 'none' && affinity.onFailure === 'strict'
  const routes = view.usesServer ? routeReaderOf(upstream) : null
  const { stick } = view
  return {
    title: titleOf(view, method),
    servers,
    memoryKey: stick === null || stick.peers === null ? null : `table ${stick.size}`,
    run: ({ table }) => {
      if (view.cookie !== null)
        return method.backend(cookie({ ...view.cookie, strict }), options, servers)
      if (routes !== null)
        return method.backend(useServer(routes, routesOf(servers), strict), options, servers)
      if (stick !== null && affinity.method === 'sticky' && affinity.by === 'learn')
        return method.backend(tableOf(affinity, stick, table), options, servers)
      return method.backend(none, options, servers)
    },
  }
}
