import type { ServerDraft, UpstreamDraft } from './draft.ts'
import type { Pool } from './session-maps.ts'

const withRoute = (
  server: ServerDraft,
  { pinned }: Pool,
  byName: ReadonlyMap<string, UpstreamDraft>,
): ServerDraft => {
  const own = pinned.find(({ block }) => byName.get(block)?.servers[0]?.address === server.address)
  if (own === undefined) return server
  const isDown = byName.get(own.block)?.servers[0]?.values['state'] === 'down'
  // A drained server gets no new sessions, and keeps the block of its own.
  const isDrained = server.values['state'] === 'down' && !isDown
  return {
    ...server,
    route: own.route,
    values: isDrained ? { ...server.values, state: 'drain' } : server.values,
  }
}

const pooled = (
  upstream: UpstreamDraft,
  pool: Pool,
  byName: ReadonlyMap<string, UpstreamDraft>,
): UpstreamDraft => {
  const members = pool.pinned.flatMap(({ block }) => byName.get(block) ?? [])
  const isStrict =
    upstream.servers.length > 1 && members.every(({ servers }) => servers.length === 1)
  const others = [...pool.others]
  const servers = upstream.servers.map((server) => {
    const routed = withRoute(server, pool, byName)
    return routed.route === null ? { ...routed, route: others.shift() ?? null } : routed
  })
  const affinity = isStrict ? { ...pool.affinity, onFailure: 'strict' } : pool.affinity
  return {
    ...upstream,
    values: { ...upstream.values, affinity },
    servers,
    alternatives: [upstream, ...members],
  }
}

/** One upstream for the block of new sessions and the blocks of the sessions of each server. */
export const withPools = (
  upstreams: readonly UpstreamDraft[],
  pools: readonly Pool[],
): readonly UpstreamDraft[] => {
  const byName = new Map(upstreams.map((upstream) => [upstream.name, upstream]))
  const pinned = new Set(pools.flatMap((pool) => pool.pinned.map(({ block }) => block)))
  return upstreams.flatMap((upstream) => {
    if (pinned.has(upstream.name)) return []
    const pool = pools.find(({ all }) => all === upstream.name)
    return [pool === undefined ? upstream : pooled(upstream, pool, byName)]
  })
}
