import type { Frontend, Location } from './cluster.ts'
import type { HttpSettings, Limits } from './http-settings.ts'

const limitsIn = ({ limits }: HttpSettings): Limits | null =>
  limits?.perAddress == null && limits?.perSession == null ? null : limits

/**
 * The limits of requests for a location. nginx answers `return` before it counts requests, so redirects and
 * fixed responses have no limits in any target.
 */
export const limitsOf = ({ action, settings }: Location): Limits | null =>
  action.kind === 'redirect' || action.kind === 'respond' ? null : limitsIn(settings)

/** Those that count requests of a location. */
export const usedLimits = (frontends: readonly Frontend[]): readonly Limits[] => {
  const all = frontends.flatMap(({ locations }) =>
    locations.flatMap((each) => limitsOf(each) ?? []),
  )
  return [...new Map(all.map((limits) => [limits.owner, limits])).values()]
}
