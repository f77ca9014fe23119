import type { Frontend, Location, Upstream } from '../../model/cluster.ts'
import { type Matches, matchLocations } from '../match.ts'
import { type Programs, titleOf } from '../programs.ts'
import { holderOf } from '../sessions/stores.ts'
import { isPair, type Match, type Pair, type ReviewSide } from '../side.ts'
import type { FoundRisk } from './found.ts'
import { advice } from './remedies.ts'

const removedUpstreams = ({ upstreams }: Matches): readonly FoundRisk[] =>
  upstreams.flatMap(({ before, after }) =>
    before === null || after !== null
      ? []
      : [
          {
            code: 'upstream-removed',
            kind: holderOf(before) === 'none' ? 'availability' : 'sessions',
            message: `upstream ${before.name} is removed: its sessions end`,
            remedies: [
              advice(
                'drain its servers first, and send new users elsewhere until its sessions have ended',
              ),
            ],
            side: 'before',
            at: before.path,
            upstream: before.name,
            share: 1,
            condition: null,
          } as const,
        ],
  )

const removedFrontends = ({ frontends }: Matches): readonly FoundRisk[] =>
  frontends.flatMap(({ before, after }) =>
    before === null || after !== null
      ? []
      : [
          {
            code: 'frontend-removed',
            kind: 'availability',
            message: `frontend ${before.name} is removed: its requests are not answered any more`,
            remedies: [],
            side: 'before',
            at: before.path,
            upstream: null,
            share: 1,
            condition: null,
          } as const,
        ],
  )

const proxied = ({ action }: Location): Upstream | null =>
  action.kind === 'proxy' ? action.upstream : null

/** Locations whose requests go to another upstream, which has other sessions. */
const movedLocations = (matches: Matches): readonly FoundRisk[] => {
  const successors = new Map(
    matches.upstreams.filter(isPair).map(({ before, after }) => [before, after] as const),
  )
  return matches.frontends.flatMap((frontend: Match<Frontend>) =>
    matchLocations(frontend).flatMap(({ before, after }): readonly FoundRisk[] => {
      const old = before === null ? null : proxied(before)
      if (before === null || old === null || holderOf(old) === 'none') return []
      // A removed upstream has a risk of its own.
      const next = successors.get(old) ?? null
      if (next === null) return []
      if (after === null || proxied(after) === next) return []
      const now = proxied(after)
      return [
        {
          code: 'location-elsewhere',
          kind: 'sessions',
          message: `requests of ${after.match.pattern} are ${now === null ? 'no longer proxied' : `sent to upstream ${now.name}`} instead of upstream ${old.name}, which has their sessions`,
          remedies: [advice('send existing sessions to the old upstream until they have ended')],
          side: 'after',
          at: after.path,
          upstream: next.name,
          share: 1,
          condition: null,
        },
      ]
    }),
  )
}

const replacedProxies = (
  { replaced }: Programs,
  { after }: Pair<ReviewSide>,
): readonly FoundRisk[] =>
  [...replaced].map((dialect) => ({
    code: 'proxy-replaced',
    kind: 'availability',
    message: `${titleOf(dialect)} is another release: a reload is not enough, and a restart closes its connections`,
    remedies: [
      advice(
        dialect === 'nginx'
          ? 'replace the program while it runs (signals USR2, WINCH and QUIT), or restart one proxy after the other'
          : 'restart one proxy after the other, each without new connections',
      ),
    ],
    side: 'after',
    at: after.cluster.targets.find((target) => target.dialect === dialect)?.path ?? ['targets'],
    upstream: null,
    share: 1,
    condition: null,
  }))

/** Risks that are not those of an upstream on both sides. */
export const generalRisks = (
  matches: Matches,
  programs: Programs,
  sides: Pair<ReviewSide>,
): readonly FoundRisk[] => [
  ...removedUpstreams(matches),
  ...removedFrontends(matches),
  ...movedLocations(matches),
  ...replacedProxies(programs, sides),
]
