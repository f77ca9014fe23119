import { atValue } from '../../diagnostics/diagnostic.ts'
import type { Server } from '../../model/cluster.ts'
import type { ListingRule } from '../rule.ts'
import { machineOf } from '../spread.ts'
import { report } from '../store-codes.ts'
import { tomcatUpstreams } from '../tomcat-sessions.ts'

/** Two servers that fail together; null: each is on a machine of its own, or all are, as in a trial. */
const pairOf = (servers: readonly Server[]): readonly [Server, Server] | null => {
  const first = new Map<string | null, Server>()
  let pair: readonly [Server, Server] | null = null
  for (const server of servers) {
    const machine = machineOf(server.address)
    const other = first.get(machine)
    if (other !== undefined && machine !== 'localhost') pair ??= [other, server]
    first.set(machine, server)
  }
  return pair
}

export const backupSameHost: ListingRule = (cluster) =>
  tomcatUpstreams(cluster).flatMap(({ app, servers }) => {
    const pair = app.sessions.store === 'backup' ? pairOf(servers) : null
    if (pair === null) return []
    const [one, other] = pair
    const message = `"${one.name}" and "${other.name}" are on one machine, and may hold a session and its only copy`
    const help = 'one Tomcat for each machine, or store: delta'
    return [report('backup-same-host', atValue([...app.sessions.path, 'store']), message, help)]
  })
