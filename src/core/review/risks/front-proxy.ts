import type { Cluster, Location, Upstream } from '../../model/cluster.ts'
import type { UpstreamPair } from '../match.ts'
import { readsAddress } from '../routing/question.ts'
import { named } from '../shares.ts'
import type { Pair } from '../side.ts'
import { type Circumstances, type FoundRisk, upstreamRisk } from './found.ts'
import { advice } from './remedies.ts'

const locationsTo = ({ frontends }: Cluster, upstream: Upstream): readonly Location[] =>
  frontends
    .filter(({ clientAddress, proxyProtocol }) => clientAddress === null && proxyProtocol === null)
    .flatMap(({ locations }) =>
      locations.filter(({ action }) => action.kind === 'proxy' && action.upstream === upstream),
    )

/** Locations that only certain networks can use, and all clients could before. */
const newlyRestricted = (
  { before, after }: UpstreamPair,
  clusters: Pair<Cluster>,
): readonly Location[] =>
  locationsTo(clusters.before, before).every(({ allow }) => allow.length === 0)
    ? locationsTo(clusters.after, after).filter(({ allow }) => allow.length > 0)
    : []

/**
 * Access for a few networks only is how a CDN or another proxy in front shows in a spec. Without
 * `clientAddress`, the affinity then sees the addresses of that proxy.
 */
export const frontProxyRisks = (
  of: Circumstances,
  clusters: Pair<Cluster>,
): readonly FoundRisk[] => {
  const { pair } = of.effect
  const { after } = pair
  const [first] = readsAddress(after) ? newlyRestricted(pair, clusters) : []
  if (first === undefined || of.effect.holder === 'none') return []
  const networks = named(first.allow)
  const { holder } = of.effect
  const lost = holder === 'all' ? '' : ' and lose their sessions'
  return [
    upstreamRisk(of, {
      code: 'proxy-in-front',
      kind: holder === 'all' ? 'availability' : 'sessions',
      message: `only ${networks} can send requests to upstream ${after.name}: if these belong to a CDN or another proxy, its addresses decide instead of those of the clients, and most clients move to other servers${lost}`,
      remedies: [
        advice(
          `write clientAddress: { trust: [${first.allow.join(', ')}], header: X-Forwarded-For } in the frontend`,
        ),
      ],
      share: 1,
      at: [...first.path, 'allow'],
      condition:
        holder === 'all'
          ? null
          : `${networks} are networks of clients, not of a CDN or another proxy`,
    }),
  ]
}
