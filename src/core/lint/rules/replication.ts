import { atKey, atValue } from '../../diagnostics/diagnostic.ts'
import { appUpstreams } from '../../model/app-upstreams.ts'
import type { Server } from '../../model/cluster.ts'
import { contains, machineOf, parseNetwork } from '../../model/network.ts'
import { isReplicated } from '../../model/sessions.ts'
import { report } from '../codes.ts'
import type { Rule } from '../rule.ts'
import { isSpread } from '../sessions.ts'

/** Tomcat expects sticky sessions with both of its replicating managers. */
export const replicationWithoutAffinity: Rule = (cluster, findings) => {
  for (const upstream of appUpstreams(cluster, 'tomcat')) {
    const { store, path } = upstream.app.sessions
    if ((store !== 'delta' && store !== 'backup') || !isSpread(upstream)) continue
    const message =
      store === 'delta'
        ? 'the next request may reach a server before the replicated change does'
        : 'most requests reach a server that must fetch the session from another one'
    const help = 'write affinity: { method: jvm_route }'
    report(findings, 'replication-without-affinity', atKey(path), message, help)
  }
}

/** Tomcat recommends DeltaManager for small clusters only. */
const mostDeltaServers = 4

export const deltaManyServers: Rule = (cluster, findings) => {
  for (const { app, servers, name } of appUpstreams(cluster, 'tomcat')) {
    const { store, path } = app.sessions
    if (store !== 'delta' || servers.length <= mostDeltaServers) continue
    const message = `each of the ${servers.length} servers of "${name}" receives every change of every session`
    const help = 'write store: backup, which keeps one copy of each session'
    report(findings, 'delta-many-servers', atValue([...path, 'store']), message, help)
  }
}

/** Two servers that fail together; null: each has its own machine, or all are on localhost as in a trial. */
const pairOnOneMachine = (servers: readonly Server[]): readonly [Server, Server] | null => {
  const seen = new Map<string | null, Server>()
  let pair: readonly [Server, Server] | null = null
  for (const server of servers) {
    const machine = machineOf(server.address)
    const other = seen.get(machine)
    if (other !== undefined && machine !== 'localhost') pair ??= [other, server]
    seen.set(machine, server)
  }
  return pair
}

/** BackupManager keeps one copy of a session, on any of the other servers. */
export const backupSameHost: Rule = (cluster, findings) => {
  for (const { app, servers } of appUpstreams(cluster, 'tomcat')) {
    const pair = app.sessions.store === 'backup' ? pairOnOneMachine(servers) : null
    if (pair === null) continue
    const [one, other] = pair
    const at = atValue([...app.sessions.path, 'store'])
    const message = `"${one.name}" and "${other.name}" run on one machine and may hold a session and its only copy`
    const help = 'run one Tomcat on each machine, or write store: delta'
    report(findings, 'backup-same-host', at, message, help)
  }
}

/** Names that only clouds and Kubernetes use. */
const cloudName =
  /\.(?:svc|cluster\.local|compute\.internal|compute\.amazonaws\.com|internal\.cloudapp\.net|c\..*\.internal)$|\.svc\.|\.elb\.amazonaws\.com$/i

/** Docker's default bridge. */
const dockerBridge = parseNetwork('172.17.0.0/16')

const hostOf = ({ address }: Server): string =>
  address.kind === 'inet' ? (address.host ?? '') : ''

const carriesNoMulticast = (server: Server): boolean => {
  const host = hostOf(server)
  const network = parseNetwork(host)
  const isOnBridge = dockerBridge !== null && network !== null && contains(dockerBridge, network)
  return cloudName.test(host) || isOnBridge
}

/** Membership by multicast fails without an error where the network does not carry it. */
export const multicast: Rule = (cluster, findings) => {
  const upstreams = appUpstreams(cluster, 'tomcat').filter(
    ({ app }) => isReplicated(app.sessions) && app.sessions.membership === 'multicast',
  )
  for (const { app, servers } of upstreams) {
    const at = atValue([...app.sessions.path, 'membership'])
    const impossible = servers.find(carriesNoMulticast)
    if (impossible === undefined) {
      const message = 'servers that receive no multicast replicate no session and report no error'
      const help =
        'write membership: static, unless you have verified that multicast works between the servers'
      report(findings, 'multicast-silent', at, message, help)
    } else {
      const message = `multicast does not reach ${hostOf(impossible)}, the address of "${impossible.name}"`
      const help = 'write membership: static (in Kubernetes: kubernetes or dns)'
      report(findings, 'multicast-impossible', at, message, help)
    }
  }
  const [first, ...others] = upstreams
  for (const { app, name } of others) {
    const at = atValue([...app.sessions.path, 'membership'])
    const message = `"${name}" and "${first?.name}" form one cluster: both use the multicast group 228.0.0.4`
    report(findings, 'multicast-shared', at, message, 'write membership: static for one of them')
  }
}
