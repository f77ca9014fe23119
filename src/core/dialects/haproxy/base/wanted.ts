import type { Upstream } from '../../../model/cluster.ts'
import type { BackendView } from '../backends/index.ts'
import { checkWords, serverHead, serverParameters } from '../backends/lines.ts'
import { serverName } from '../names.ts'
import type { WantedServer } from './servers.ts'

/** The servers of the spec for a section that has servers, or none. */
export const wantedServers = (
  view: BackendView,
  upstream: Upstream,
  existing: { readonly hasIds: boolean; readonly isEmpty: boolean },
): readonly WantedServer[] => {
  const { check, idle, servers } = view
  const checked = check === null ? [] : checkWords(check)
  const isChecked = upstream.check !== null
  return servers.map((server, index) => {
    const { lookup } = server
    const model = upstream.servers[index]
    const isNamed =
      view.usesServer && model !== undefined && serverName(model, upstream) === model.route
    return {
      head: serverHead(server),
      parameters: [
        ...serverParameters({
          ...server,
          // A number that a server does not have yet would move the clients of a hash.
          id: existing.hasIds ? server.id : null,
          lookup: lookup?.resolvers === null ? null : lookup,
        }),
        ...(isChecked && !server.isUnchecked ? checked : []),
        ...(idle === null ? [] : ['pool-max-conn', idle]),
      ],
      onlyNew: [
        ...(lookup === null ? [] : ['init-addr', lookup.initial]),
        ...(existing.isEmpty && !isChecked ? checked : []),
      ],
      isNamed,
    }
  })
}
