import type { Cluster } from '../model/cluster.ts'
import type { Audience } from '../simulate/rollout.ts'
import { changeOf } from './changes/describe.ts'
import { type Difference, specDifferences } from './changes/differences.ts'
import { formChanges } from './changes/forms.ts'
import { type Effect, effectsOf, lostOfUpstream, movedOfUpstream } from './impact.ts'
import { type Matches, matchClusters, type UpstreamPair, upstreamPairs } from './match.ts'
import { type Programs, programsOf } from './programs.ts'
import type { Change, Review, Risk, UpstreamImpact } from './review.ts'
import { availabilityRisks } from './risks/availability.ts'
import { type FoundRisk, order } from './risks/found.ts'
import { frontProxyRisks } from './risks/front-proxy.ts'
import { generalRisks } from './risks/removed.ts'
import { routingRisks } from './risks/routing.ts'
import { securityRisks } from './risks/security.ts'
import { restartedSessions, sessionsLeft, unreadableSessions } from './risks/sessions.ts'
import { modelsWith, type PopulationShape } from './routing/models.ts'
import type { Pair, ReviewSide } from './side.ts'
import { verdictOf } from './verdict.ts'

export type { UpstreamPair } from './match.ts'
export { hasOtherAddresses } from './routing/question.ts'
export { type ReviewSide, sideOf } from './side.ts'

const ordered = (risks: readonly FoundRisk[]): readonly FoundRisk[] =>
  [...risks].sort(
    (one, other) => order.indexOf(one.kind) - order.indexOf(other.kind) || other.share - one.share,
  )

const riskOf = ({ share: _, condition: __, ...risk }: FoundRisk): Risk => risk

interface Found {
  readonly sides: Pair<ReviewSide>
  readonly matches: Matches
  readonly programs: Programs
  readonly effects: readonly Effect[]
  readonly differences: readonly Difference[]
  readonly changes: readonly Change[]
}

const risksOf = (found: Found): readonly FoundRisk[] => {
  const { sides, matches, programs, effects, differences, changes } = found
  const ofUpstreams = effects.flatMap((effect) => {
    const of = { effect, after: sides.after.cluster }
    return [
      ...unreadableSessions(of),
      ...restartedSessions(of),
      ...routingRisks(of),
      ...frontProxyRisks(of, { before: sides.before.cluster, after: sides.after.cluster }),
      ...sessionsLeft(of),
      ...availabilityRisks(of),
    ]
  })
  return ordered([
    ...ofUpstreams,
    ...generalRisks(matches, programs, sides),
    ...securityRisks(differences, changes),
  ])
}

const impactOf = (effect: Effect): UpstreamImpact => {
  const { before, after } = effect.pair
  return {
    name: after.name,
    nameBefore: before.name === after.name ? null : before.name,
    moved: movedOfUpstream(effect),
    lost: lostOfUpstream(effect),
    proxies: effect.proxies.map(({ impact }) => impact),
  }
}

/** The upstreams on both sides. */
export const pairsIn = (clusters: Pair<Cluster>): readonly UpstreamPair[] =>
  upstreamPairs(matchClusters(clusters.before, clusters.after))

/** What the models say of these clients, where the review has clients of its own. */
export const impactFor = (
  sides: Pair<ReviewSide>,
  audienceOf: (shape: PopulationShape) => Audience,
): readonly UpstreamImpact[] => {
  const matches = matchClusters(sides.before.cluster, sides.after.cluster)
  const programs = programsOf(sides, upstreamPairs(matches))
  return effectsOf(matches, sides, programs, modelsWith(audienceOf)).map(impactOf)
}

/** What a change of the spec does to the sessions of its users. */
export const review = (before: ReviewSide, after: ReviewSide): Review => {
  const sides = { before, after }
  const matches = matchClusters(before.cluster, after.cluster)
  const specs = { before: before.spec, after: after.spec }
  const differences = specDifferences(specs, matches)
  const changes = differences.map((difference) => changeOf(difference, specs))
  const pairs = upstreamPairs(matches)
  const programs = programsOf(sides, pairs)
  const effects = effectsOf(matches, sides, programs)
  const risks = risksOf({ sides, matches, programs, effects, differences, changes })
  return {
    verdict: verdictOf(matches.upstreams, effects, risks, programs),
    risks: risks.map(riskOf),
    changes: [...changes, ...formChanges(pairs, sides)],
    impact: effects.map(impactOf),
  }
}
