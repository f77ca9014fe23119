import { atKey } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import { withoutEffect } from '../../fields.ts'
import type { Frontend, Location } from '../../model/cluster.ts'
import type { Limit, Limits } from '../../model/http-settings.ts'
import { limitsOf } from '../../model/limits.ts'
import { report } from '../codes.ts'
import type { Rule } from '../rule.ts'

/** Each once, of frontends and locations. */
const writtenLimits = (frontends: readonly Frontend[]): readonly Limits[] => {
  const all = frontends
    .flatMap((frontend) => [frontend, ...frontend.locations])
    .flatMap(({ settings: { limits } }) => (limits === null ? [] : [limits]))
  return [...new Map(all.map((limits) => [limits.owner, limits])).values()]
}

/** A client that sends a new cookie with each request has new counters with each request. */
export const evadedLimits: Rule = ({ frontends }, findings) => {
  for (const { perAddress, perSession } of writtenLimits(frontends)) {
    if (perSession === null) continue
    const open = (['requests', 'connections'] as const).find(
      (kind) => perSession[kind] !== null && (perAddress?.[kind] ?? null) === null,
    )
    if (open === undefined) continue
    report(
      findings,
      'limit-evaded',
      atKey([...perSession.path, open]),
      `a client that sends a new cookie ${perSession.cookie} with each request is not limited: each value has counters of its own`,
      `set perAddress.${open}, too, to more than the sessions behind one address need`,
    )
  }
}

const noteBurst = (limit: Limit | null, findings: Findings): void => {
  if (limit !== null && limit.requests === null)
    withoutEffect(findings, [...limit.path, 'burst'], null, 'there is no limit of "requests"')
}

const isNone = ({ perAddress, perSession }: Limits): boolean =>
  perAddress === null && perSession === null

/** Why limits of a location have no effect; null: they have. */
const uselessIn = (frontend: Frontend, location: Location, limits: Limits): string | null => {
  const { kind } = location.action
  if (kind === 'redirect' || kind === 'respond')
    return 'redirects and fixed responses have no limits'
  const inherited = frontend.settings.limits
  return isNone(limits) && (inherited === null || isNone(inherited))
    ? 'the frontend has no limits'
    : null
}

/** `limits` where no request is counted. */
export const limitsWithoutEffect: Rule = ({ frontends }, findings) => {
  for (const { perAddress, perSession } of writtenLimits(frontends)) {
    noteBurst(perAddress, findings)
    noteBurst(perSession, findings)
  }
  for (const frontend of frontends) {
    const own = frontend.settings.limits
    if (own !== null && !frontend.locations.some((each) => limitsOf(each)?.owner === own.owner)) {
      const why = isNone(own)
        ? 'a frontend has no limits by default'
        : 'all its locations have limits of their own, or are redirects or fixed responses'
      withoutEffect(findings, own.path, null, why)
    }
    for (const location of frontend.locations) {
      const { limits } = location.settings
      if (limits === null || limits.owner === own?.owner) continue
      const why = uselessIn(frontend, location, limits)
      if (why !== null) withoutEffect(findings, limits.path, null, why)
    }
  }
}
