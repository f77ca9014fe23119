import { atKey, type Diagnostic } from '../../../diagnostics/diagnostic.ts'
import { report } from '../codes.ts'
import type { Instance } from '../instance.ts'
import { hostOf, type Ports } from '../ports.ts'
import type { ReplicationPorts } from './replicated.ts'

export interface ReplicationPortsOf {
  readonly ports: ReplicationPorts
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Tomcats of one host cannot share a port: the first gets the one of the spec, the others the next.
 * Pods each have an address of their own, and are looked for at one port.
 * @param assigned the other ports, in the order of the instances.
 */
export const assignReplicationPorts = (
  instances: readonly Instance[],
  assigned: readonly Ports[],
): ReplicationPortsOf => {
  const taken = new Set(
    instances.flatMap((instance, index) => {
      const { http = null, shutdown = null } = assigned[index] ?? {}
      return [http, shutdown].map((port) => `${hostOf(instance)} ${port}`)
    }),
  )
  const ports = new Map<string, number>()
  const diagnostics: Diagnostic[] = []
  for (const instance of instances) {
    const { app, server } = instance
    const { sessions } = app
    if (sessions.store !== 'delta' && sessions.store !== 'backup') continue
    if (sessions.membership === 'dns' || sessions.membership === 'kubernetes') continue
    const host = hostOf(instance)
    let port = sessions.port
    while (taken.has(`${host} ${port}`)) port += 1
    taken.add(`${host} ${port}`)
    ports.set(server.name, port)
    if (port === sessions.port) continue
    const message = `"${server.name}" replicates on port ${port}: ${sessions.port} is taken on ${host}`
    diagnostics.push(report('tomcat-replication-port', atKey(server.path), message, null))
  }
  return { ports, diagnostics }
}
