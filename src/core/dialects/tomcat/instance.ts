import { atKey, atValue, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { TomcatApp } from '../../model/app.ts'
import type { Cluster, Frontend, Server, Upstream } from '../../model/cluster.ts'
import { byName } from '../../model/order.ts'
import { report } from './codes.ts'
import { lineOf } from './release.ts'

/** One Tomcat to configure. */
export interface Instance {
  readonly server: Server
  readonly app: TomcatApp
  /** The one that it belongs to; the first of several. */
  readonly upstream: Upstream
  readonly clusterName: string
  /** Those that proxy to it. */
  readonly frontends: readonly Frontend[]
}

interface Member {
  readonly upstream: Upstream
  readonly server: Server
  readonly app: TomcatApp
}

/** The upstreams with a Tomcat behind them. */
export const tomcatUpstreams = (
  cluster: Cluster,
): readonly { readonly upstream: Upstream; readonly app: TomcatApp }[] =>
  cluster.upstreams.flatMap((upstream) =>
    upstream.app.runtime === 'tomcat' ? [{ upstream, app: upstream.app }] : [],
  )

/** What makes two servers of different upstreams one and the same Tomcat, places in the spec aside. */
const identityOf = ({ server: { address, route, tomcat }, app }: Member): string =>
  JSON.stringify([address, route, tomcat, app], (key, value) =>
    key === 'path' && Array.isArray(value) ? null : key === 'specPath' ? null : value,
  )

const appProblems = (app: TomcatApp): readonly Diagnostic[] => {
  if (lineOf(app.version) !== null) return []
  return [
    report(
      'tomcat-version',
      atValue([...app.path, 'version']),
      `Tomcat ${app.version.text} is not one of the lines 7.0, 8.5, 9.0, 10.1 and 11.0`,
      'name the release in full, such as "9.0.122"; sessctl writes for these lines only',
    ),
  ]
}

const unixProblem = ({ server }: Member): readonly Diagnostic[] =>
  server.address.kind === 'inet'
    ? []
    : [
        report(
          'tomcat-unix-address',
          atValue([...server.path, 'address']),
          `Tomcat "${server.name}" cannot be reached at ${server.address.path}`,
          'give it a host and a port',
        ),
      ]

/** The frontends that proxy to an upstream, by name. */
const frontendsByUpstream = ({
  frontends,
}: Cluster): ReadonlyMap<Upstream, readonly Frontend[]> => {
  const found = new Map<Upstream, Frontend[]>()
  for (const frontend of frontends) {
    for (const { action } of frontend.locations) {
      if (action.kind !== 'proxy') continue
      const known = found.get(action.upstream) ?? []
      if (known.at(-1) !== frontend) known.push(frontend)
      found.set(action.upstream, known)
    }
  }
  return found
}

export interface Instances {
  readonly instances: readonly Instance[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Those that proxy to one of the upstreams. */
const frontendsTo = (
  members: readonly Member[],
  reached: ReadonlyMap<Upstream, readonly Frontend[]>,
): readonly Frontend[] => {
  const upstreams = new Set(members.map(({ upstream }) => upstream))
  const frontends = new Set([...upstreams].flatMap((upstream) => reached.get(upstream) ?? []))
  return [...frontends].sort(byName)
}

/** Every Tomcat of the cluster once, by the name of its server, in the order of the spec. */
export const instancesOf = (cluster: Cluster): Instances => {
  const diagnostics: Diagnostic[] = []
  const reached = frontendsByUpstream(cluster)
  const named = new Map<string, Member[]>()
  for (const { upstream, app } of tomcatUpstreams(cluster)) {
    const problems = appProblems(app)
    diagnostics.push(...problems)
    if (problems.length > 0) continue
    for (const server of upstream.servers) {
      const member = { upstream, server, app }
      diagnostics.push(...unixProblem(member))
      named.set(server.name, [...(named.get(server.name) ?? []), member])
    }
  }
  const instances = [...named.values()].flatMap((members) => {
    const [first, ...others] = members
    if (first === undefined) return []
    const other = others.find((member) => identityOf(member) !== identityOf(first))
    if (other !== undefined) {
      diagnostics.push(
        report(
          'tomcat-name-clash',
          atKey(other.server.path),
          `"${other.server.name}" is another Tomcat in upstream "${first.upstream.name}"`,
          'give one of them another name, or make both the same in address, route and app',
        ),
      )
    }
    const { server, app, upstream } = first
    const frontends = frontendsTo(members, reached)
    return [{ server, app, upstream, clusterName: cluster.name, frontends }]
  })
  return { instances, diagnostics }
}
