import { atKey, atValue } from '../../../diagnostics/diagnostic.ts'
import type { Findings } from '../../../diagnostics/findings.ts'
import type { TomcatApp } from '../../../model/app.ts'
import type { Server } from '../../../model/cluster.ts'
import { isReplicated, type ReplicatedSessions } from '../../../model/sessions.ts'
import { report } from '../codes.ts'
import type { Instance } from '../instance.ts'
import { hostOf, type PlacedInstance } from '../ports.ts'
import { features, namesPatch, sinceOf } from '../release.ts'
import { clusterElement } from './cluster-element.ts'
import { type Member, uniqueIdOf } from './membership.ts'
import { noParts, type StoreParts } from './parts.ts'
import { environmentProperties, referenceTo, reportLiteral } from './secrets.ts'

/** The replication port of each server, by its name. */
export type ReplicationPorts = ReadonlyMap<string, number>

const isCloud = ({ membership }: ReplicatedSessions): boolean =>
  membership === 'dns' || membership === 'kubernetes'

/**
 * Assigns the replication ports: the first server on a host gets the port of the spec, the others the
 * next free ones. Pods have an address each, and use the port of the spec.
 */
export const assignReplicationPorts = (
  instances: readonly PlacedInstance[],
  findings: Findings,
): ReplicationPorts => {
  const taken = new Set(
    instances.flatMap((instance) => {
      const { balancer, shutdown } = instance.ports
      return [balancer, shutdown].map((port) => `${hostOf(instance)} ${port}`)
    }),
  )
  const ports = new Map<string, number>()
  for (const instance of instances) {
    const { app, server } = instance
    const { sessions } = app
    if (!isReplicated(sessions) || isCloud(sessions)) continue
    const host = hostOf(instance)
    let port = sessions.port
    while (taken.has(`${host} ${port}`)) port += 1
    taken.add(`${host} ${port}`)
    ports.set(server.name, port)
    if (port === sessions.port) continue
    const message = `"${server.name}" uses replication port ${port}: port ${sessions.port} is in use on ${host}`
    report(findings, 'tomcat-replication-port', atKey(server.path), message, null)
  }
  return ports
}

const memberOf = (
  server: Server,
  { upstream, clusterName }: Instance,
  { port }: ReplicatedSessions,
  ports: ReplicationPorts,
): Member => ({
  host: server.address.kind === 'inet' ? (server.address.host ?? '127.0.0.1') : '127.0.0.1',
  port: ports.get(server.name) ?? port,
  uniqueId: uniqueIdOf(clusterName, upstream.name, server.route),
})

const validKey = /^(?:[0-9a-f]{32}|[0-9a-f]{48}|[0-9a-f]{64})$/i

const reportEncryption = (
  { version }: TomcatApp,
  { encryptionKey, path }: ReplicatedSessions,
  findings: Findings,
): void => {
  if (encryptionKey === null) return
  const at = atKey([...path, 'encryptionKey'])
  if (encryptionKey.kind === 'literal' && !validKey.test(encryptionKey.value)) {
    const message = 'expected a key of 32, 48 or 64 hexadecimal digits'
    const help = 'generate a key with: openssl rand -hex 32'
    report(findings, 'tomcat-encryption-key', at, message, help)
  }
  if (namesPatch(version)) return
  const message = `version ${version.text} can be any patch release, and not all of them use the same encryption format`
  const help = `set the full version, the same for every server, such as "${sinceOf(version, features.currentEncryption)}"`
  report(findings, 'tomcat-encryption-patch', at, message, help)
}

const environment: Readonly<Record<'dns' | 'kubernetes', string>> = {
  dns: 'set DNS_MEMBERSHIP_SERVICE_NAME to the headless service of the pods',
  kubernetes:
    'set KUBERNETES_NAMESPACE (and KUBERNETES_LABELS), and allow the service account to list pods',
}

const reportCloud = ({ membership, path }: ReplicatedSessions, findings: Findings): void => {
  if (membership !== 'dns' && membership !== 'kubernetes') return
  const at = atValue([...path, 'membership'])
  const message = `membership "${membership}" is configured by environment variables of Tomcat`
  report(findings, 'tomcat-membership-environment', at, message, environment[membership])
}

/** Session replication by a Tomcat Cluster. */
export const replicatedStore = (
  instance: Instance,
  sessions: ReplicatedSessions,
  ports: ReplicationPorts,
  findings: Findings,
): StoreParts => {
  const { app, upstream, server } = instance
  const { store, membership, encryptionKey, path } = sessions
  const keyPath = [...path, 'encryptionKey']
  reportEncryption(app, sessions, findings)
  reportCloud(sessions, findings)
  reportLiteral(encryptionKey, keyPath, findings)
  const key = referenceTo(encryptionKey, `${upstream.name}_ENCRYPTION_KEY`)
  const member = (one: Server): Member => memberOf(one, instance, sessions, ports)
  const remote = upstream.servers.filter(({ name }) => name !== server.name).map(member)
  const members = { membership, local: member(server), remote }
  return {
    ...noParts,
    cluster: clusterElement(app.version, store, upstream.affinity, members, key.text),
    properties: environmentProperties(encryptionKey, keyPath, app, findings),
    secrets: key.secrets,
  }
}
