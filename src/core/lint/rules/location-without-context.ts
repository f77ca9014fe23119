import { atValue, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import { formatAddress } from '../../model/address.ts'
import type { Cluster, Location, Upstream } from '../../model/cluster.ts'
import { report } from '../codes.ts'
import { canMatchBelow } from '../paths.ts'
import type { ListingRule } from '../rule.ts'
import { tomcatUpstreams } from '../tomcat-sessions.ts'

/** The contexts of a Tomcat, by its address; a null among them: conf/context.xml is for any. */
const contextsByAddress = (cluster: Cluster): ReadonlyMap<string, ReadonlySet<string | null>> => {
  const contexts = new Map<string, Set<string | null>>()
  for (const { app, servers } of tomcatUpstreams(cluster)) {
    for (const { address } of servers) {
      const key = formatAddress(address)
      const known = contexts.get(key) ?? new Set()
      contexts.set(key, known.add(app.context))
    }
  }
  return contexts
}

/** The contexts behind an upstream; null: not all of them are known. */
const contextsOf = (
  { app, servers }: Upstream,
  byAddress: ReadonlyMap<string, ReadonlySet<string | null>>,
): readonly string[] | null => {
  if (app.runtime !== 'tomcat') return null
  const all = servers.flatMap(({ address }) => [...(byAddress.get(formatAddress(address)) ?? [])])
  const named = all.filter((context) => context !== null)
  return named.length === all.length ? [...new Set(named)] : null
}

const problemsOf = (
  { action, match, path }: Location,
  byAddress: ReadonlyMap<string, ReadonlySet<string | null>>,
): readonly Diagnostic[] => {
  const contexts = action.kind === 'proxy' ? contextsOf(action.upstream, byAddress) : null
  if (contexts === null || contexts.some((context) => canMatchBelow(match, context))) return []
  const [first = '/'] = contexts
  const names = contexts.map((context) => `"${context}"`).join(' and ')
  const message = `"${match.pattern}" is below no context of these Tomcats, which have ${names}: Tomcat answers 404`
  const help = `write match: ${first === '/' ? first : `${first}/`}, or set app.context`
  return [report('location-without-context', atValue([...path, 'match']), message, help)]
}

export const locationWithoutContext: ListingRule = (cluster) => {
  const byAddress = contextsByAddress(cluster)
  return cluster.frontends.flatMap(({ locations }) =>
    locations.flatMap((location) => problemsOf(location, byAddress)),
  )
}
