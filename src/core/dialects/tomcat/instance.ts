import { atKey, atValue } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import type { TomcatApp } from '../../model/app.ts'
import { appUpstreams } from '../../model/app-upstreams.ts'
import type { Cluster, Frontend, Server, Upstream } from '../../model/cluster.ts'
import { byName } from '../../model/order.ts'
import { report } from './codes.ts'
import { releaseLineOf } from './release.ts'

interface Member {
  readonly server: Server
  readonly app: TomcatApp
  readonly upstream: Upstream
}

/** One Tomcat to configure. */
export interface Instance extends Member {
  /** The first upstream with this server. */
  readonly upstream: Upstream
  readonly clusterName: string
  /** Whether the balancer is configured in an existing file, where it keeps the AJP secret that it has. */
  readonly isBehindBase: boolean
  /** The frontends that proxy to it. */
  readonly frontends: readonly Frontend[]
}

/** Equal for servers of different upstreams that are the same Tomcat; spec paths do not count. */
const identityOf = ({ server: { address, route, tomcat }, app, upstream }: Member): string =>
  JSON.stringify(
    [address, route, tomcat, app, upstream.protocol, upstream.ajpSecret],
    (key, value) =>
      key === 'path' && Array.isArray(value) ? null : key === 'specPath' ? null : value,
  )

/** The servers of supported release lines by name, in the order of the spec. */
const membersByName = (cluster: Cluster): ReadonlyMap<string, readonly Member[]> => {
  const members = new Map<string, Member[]>()
  for (const upstream of appUpstreams(cluster, 'tomcat')) {
    const { app, servers } = upstream
    if (releaseLineOf(app.version) === null) continue
    for (const server of servers) {
      const known = members.get(server.name) ?? []
      known.push({ upstream, server, app })
      members.set(server.name, known)
    }
  }
  return members
}

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

/** Every Tomcat of the cluster once, by the name of its server, in the order of the spec. */
export const instancesOf = (cluster: Cluster): readonly Instance[] => {
  const reached = frontendsByUpstream(cluster)
  const isBehindBase = cluster.targets.some(
    ({ base, dialect }) => dialect === 'httpd' && base !== null,
  )
  return [...membersByName(cluster).values()].flatMap((members) => {
    const [first] = members
    if (first === undefined) return []
    const frontends = new Set(members.flatMap(({ upstream }) => reached.get(upstream) ?? []))
    const sorted = [...frontends].sort(byName)
    return [{ ...first, clusterName: cluster.name, isBehindBase, frontends: sorted }]
  })
}

const reportMembers = (members: readonly Member[], findings: Findings): void => {
  for (const { server } of members) {
    if (server.address.kind === 'inet') continue
    const message = `Tomcat "${server.name}" cannot listen on ${server.address.path}: a Connector listens on a port`
    const at = atValue([...server.path, 'address'])
    report(findings, 'tomcat-unix-address', at, message, 'set the address to host:port')
  }
  const [first, ...others] = members
  if (first === undefined || others.length === 0) return
  const other = others.find((member) => identityOf(member) !== identityOf(first))
  if (other === undefined) return
  report(
    findings,
    'tomcat-name-clash',
    atKey(other.server.path),
    `"${other.server.name}" is a different Tomcat in upstream "${first.upstream.name}"`,
    'rename one of the servers, or give both the same address, route, app and protocol',
  )
}

/** Reports an unsupported release line. */
export const reportRelease = (app: TomcatApp, findings: Findings): void => {
  if (releaseLineOf(app.version) !== null) return
  report(
    findings,
    'tomcat-version',
    atValue([...app.path, 'version']),
    `sessctl does not support Tomcat ${app.version.text}`,
    'set a version of Tomcat 7.0, 8.5, 9.0, 10.1 or 11.0, such as "9.0.122"',
  )
}

/** Reports the servers that cannot be configured. */
export const reportInstances = (cluster: Cluster, findings: Findings): void => {
  for (const { app } of appUpstreams(cluster, 'tomcat')) reportRelease(app, findings)
  for (const members of membersByName(cluster).values()) reportMembers(members, findings)
}
