import { atValue } from '../../diagnostics/diagnostic.ts'
import type { ListingRule } from '../rule.ts'
import { report } from '../store-codes.ts'
import { tomcatUpstreams } from '../tomcat-sessions.ts'

const most = 4

export const deltaManyServers: ListingRule = (cluster) =>
  tomcatUpstreams(cluster).flatMap(({ app, servers, name }) => {
    const { store, path } = app.sessions
    if (store !== 'delta' || servers.length <= most) return []
    const message = `each of the ${servers.length} servers of "${name}" gets every change of every session`
    const help = 'write store: backup, which keeps one copy'
    return [report('delta-many-servers', atValue([...path, 'store']), message, help)]
  })
