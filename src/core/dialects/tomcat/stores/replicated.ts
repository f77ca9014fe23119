import { atKey, atValue, type Diagnostic } from '../../../diagnostics/diagnostic.ts'
import type { Server } from '../../../model/cluster.ts'
import type { ReplicatedSessions } from '../../../model/sessions.ts'
import { report } from '../codes.ts'
import type { Instance } from '../instance.ts'
import { features, hasSince, namesPatch, sinceOf } from '../release.ts'
import { clusterElement } from './cluster-element.ts'
import type { Member } from './membership.ts'
import { noParts, type StoreParts } from './parts.ts'
import { fromEnvironment, literalOf, referenceTo, textProblems } from './secrets.ts'
import { uniqueIdOf } from './unique-id.ts'

/** Port for replication of each server, by its name. */
export type ReplicationPorts = ReadonlyMap<string, number>

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

const keyForm = /^(?:[0-9a-f]{32}|[0-9a-f]{48}|[0-9a-f]{64})$/i

const encryptionProblems = (
  { version }: Instance['app'],
  { encryptionKey, path }: ReplicatedSessions,
): readonly Diagnostic[] => {
  if (encryptionKey === null) return []
  const at = atKey([...path, 'encryptionKey'])
  const literal = literalOf(encryptionKey)
  const isKey = literal === null || keyForm.test(literal)
  return [
    ...(isKey
      ? []
      : [
          report(
            'tomcat-encryption-key',
            at,
            'the key is not 32, 48 or 64 hex digits',
            'make one with: openssl rand -hex 32',
          ),
        ]),
    ...(namesPatch(version)
      ? []
      : [
          report(
            'tomcat-encryption-patch',
            at,
            `Tomcat ${version.text} may be any patch release, and not all of them understand each other's encryption`,
            `name the release in full, the same on every server, such as "${sinceOf(version, features.encryptionOfToday)}"`,
          ),
        ]),
  ]
}

const environment: Readonly<Record<'dns' | 'kubernetes', string>> = {
  dns: 'set DNS_MEMBERSHIP_SERVICE_NAME to the headless service of the pods',
  kubernetes:
    'set KUBERNETES_NAMESPACE (and KUBERNETES_LABELS), and let the service account list pods',
}

const cloudNote = ({ membership, path }: ReplicatedSessions): readonly Diagnostic[] => {
  if (membership !== 'dns' && membership !== 'kubernetes') return []
  const at = atValue([...path, 'membership'])
  const message = `with membership "${membership}" the servers find each other by their environment`
  return [report('tomcat-membership-environment', at, message, environment[membership])]
}

/** Sessions are copied between the Tomcats themselves. */
export const replicatedStore = (
  instance: Instance,
  sessions: ReplicatedSessions,
  ports: ReplicationPorts,
): StoreParts => {
  const { app, upstream, server } = instance
  const { store, membership, encryptionKey, path } = sessions
  const keyPath = [...path, 'encryptionKey']
  const key = referenceTo(encryptionKey, `${upstream.name}_ENCRYPTION_KEY`)
  const fromOutside = fromEnvironment([{ secret: encryptionKey, path: keyPath }], app)
  const member = (one: Server) => memberOf(one, instance, sessions, ports)
  const peers = upstream.servers.filter(({ name }) => name !== server.name).map(member)
  const meeting = { membership, self: member(server), peers }
  const canEncrypt = hasSince(app.version, features.encryptInterceptor)
  return {
    ...noParts,
    cluster: clusterElement(
      app.version,
      store,
      upstream.affinity,
      meeting,
      canEncrypt ? key.text : null,
    ),
    properties: fromOutside.properties,
    secrets: key.secrets,
    diagnostics: [
      ...fromOutside.diagnostics,
      ...encryptionProblems(app, sessions),
      ...cloudNote(sessions),
      ...textProblems([{ text: literalOf(encryptionKey), path: keyPath }]),
    ],
  }
}
