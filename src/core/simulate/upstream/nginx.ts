import { Findings } from '../../diagnostics/findings.ts'
import { chooseImplementation } from '../../dialects/nginx/affinity/choose.ts'
import type { UpstreamConfiguration } from '../../dialects/nginx/affinity/implementation.ts'
import { featuresOf } from '../../dialects/nginx/features.ts'
import { createNames } from '../../dialects/nginx/names.ts'
import type { UpstreamView } from '../../dialects/nginx/upstream-block.ts'
import type { JvmRouteAffinity } from '../../model/affinity.ts'
import type { Cluster, Upstream } from '../../model/cluster.ts'
import { sessionsIn } from '../../model/size.ts'
import type { NginxTarget } from '../../model/target.ts'
import { type Affinity, none } from '../nginx/affinity.ts'
import { jvmRoute } from '../nginx/jvm-route.ts'
import { type NginxOptions, nginxDefaults } from '../nginx/model.ts'
import {
  cookieVariable,
  type Sessions,
  stickyCookie,
  stickyLearn,
  stickyRoute,
  upstreamCookie,
  type Variable,
} from '../nginx/sticky.ts'
import { strictSticky } from '../nginx/strict-sticky.ts'
import type { Run } from '../run.ts'
import type { SimulatedServer } from '../server.ts'
import type { Form } from './form.ts'
import { type NginxMethod, nginxMethodOf, useridForm } from './nginx-method.ts'
import { routeReaderOf } from './routes.ts'
import { nginxServerDefaults, routesOf, simulatedFrom } from './servers.ts'
import { variableText } from './variables.ts'

const moduleForm = (
  affinity: JvmRouteAffinity,
  { isIpHash, isRandom, hash }: UpstreamView,
  servers: readonly SimulatedServer[],
): Affinity<null> =>
  jvmRoute(
    {
      ...affinity,
      strict: affinity.onFailure === 'strict',
      weighted: !isIpHash && !isRandom && hash === null,
    },
    routesOf(servers),
  )

const learning = ({ affinity }: Upstream, sessions: Sessions): Affinity<Sessions> | null => {
  if (affinity.method !== 'sticky' || affinity.by !== 'learn') return null
  const cookie = (variable: string): Variable => {
    const [, name] = /^\$cookie_(\w+)$/.exec(variable) ?? []
    return name === undefined ? variableText(variable.slice(1)) : cookieVariable(name)
  }
  return stickyLearn(
    {
      lookup: affinity.lookup.map(cookie),
      create: affinity.create.flatMap((variable) => {
        const [, name] = /^\$upstream_cookie_(\w+)$/.exec(variable) ?? []
        return name === undefined ? [] : [upstreamCookie(name)]
      }),
      timeout: affinity.timeoutMs / 1000,
      capacity: sessionsIn(affinity.zone),
    },
    sessions,
  )
}

type Blocks = Pick<UpstreamConfiguration, 'isVariable' | 'userid'> & {
  readonly block: UpstreamView
}

interface Starting {
  readonly upstream: Upstream
  readonly method: NginxMethod
  readonly options: NginxOptions
  readonly servers: readonly SimulatedServer[]
}

const runOf = (
  { block, isVariable, userid }: Blocks,
  { upstream, method, options, servers }: Starting,
  sessions: Sessions,
): Run => {
  const { affinity } = upstream
  const routes = routeReaderOf(upstream)
  const strict = affinity.method !== 'none' && affinity.onFailure === 'strict'
  if (userid !== null) return useridForm(userid, options, servers)
  if (isVariable && routes !== null) return method.maps({ routes, strict }, options, servers)
  if (block.jvmRoute !== null && affinity.method === 'jvm_route')
    return method.block(moduleForm(affinity, block, servers), options, servers)
  const sticky = <Memory>(kept: Affinity<Memory>): Run =>
    method.block(strict ? strictSticky(kept) : kept, options, servers)
  if (block.stickyRoute !== null && routes !== null)
    return sticky(stickyRoute([routes(routesOf(servers))]))
  const learned = block.stickyLearn === null ? null : learning(upstream, sessions)
  if (learned !== null) return sticky(learned)
  const isByCookie = affinity.method === 'sticky' && affinity.by === 'cookie'
  return isByCookie ? sticky(stickyCookie(affinity.cookie)) : method.block(none, options, servers)
}

/** Modules that put a digest of the address into their cookie, not the route. */
const namesAddresses = ({ stickyNg, sessionSticky }: UpstreamView): boolean =>
  stickyNg !== null || (sessionSticky !== null && !sessionSticky.includes('hash=plain'))

/** Without affinity, or with one that is computed, a drained server is written as `down`. */
const keepsDrained = ({ affinity }: Upstream): boolean =>
  affinity.method === 'jvm_route' || affinity.method === 'sticky'

const titleOf = (title: string, method: string, { affinity }: Upstream): string => {
  const isMethod = affinity.method === 'none' || affinity.method.endsWith('hash')
  return isMethod ? method : `${title.replaceAll('"', '')}, ${method}`
}

/** The form that the dialect chooses; null: it refuses the upstream. */
export const nginxForm = (
  cluster: Cluster,
  upstream: Upstream,
  target: NginxTarget,
): Form | null => {
  const findings = new Findings()
  const features = featuresOf(target)
  const implementation = chooseImplementation(upstream, features, findings)
  if (implementation === null) return null
  const names = createNames(cluster.upstreams.map(({ name }) => name))
  const configuration = implementation.configure(
    { upstream, features, names, zone: upstream.zone },
    findings,
  )
  const [block] = configuration.upstreams
  if (block === undefined || findings.hasErrors) return null
  const method = nginxMethodOf(block, upstream)
  const servers = upstream.servers.map((server) =>
    simulatedFrom(server, nginxServerDefaults, {
      ...(namesAddresses(block) ? { route: '' } : {}),
      ...(server.state === 'drain' && !keepsDrained(upstream) ? { state: 'down' } : {}),
    }),
  )
  const options = { ...nginxDefaults, mostTries: upstream.nextUpstream?.tries ?? 0 }
  const { isVariable, userid } = configuration
  return {
    title: titleOf(implementation.title, method.title, upstream),
    servers,
    // nginx keeps a zone of the same name and size over a reload.
    memoryKey:
      block.stickyLearn === null
        ? null
        : block.stickyLearn.filter((word) => word.startsWith('zone=')).join(),
    run: ({ sessions }) =>
      runOf({ block, isVariable, userid }, { upstream, method, options, servers }, sessions),
  }
}
