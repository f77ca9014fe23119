import type { Cluster, Frontend, Location, Upstream } from '../model/cluster.ts'
import type { serverTimeouts, Timeout } from '../model/http-settings.ts'

export type ServerTimeout = (typeof serverTimeouts)[number]

/** The locations that are proxied to an upstream, in all frontends. */
export const locationsOf = (
  { frontends }: Cluster,
  upstream: Upstream,
): readonly { readonly frontend: Frontend; readonly location: Location }[] =>
  frontends.flatMap((frontend) =>
    frontend.locations
      .filter(({ action }) => action.kind === 'proxy' && action.upstream === upstream)
      .map((location) => ({ frontend, location })),
  )

/** A timeout that a target has once for several locations. */
export interface Common {
  /** null: the default of the target. */
  readonly ms: number | null
  /** Values that are not followed, because another location has a longer one. */
  readonly shorter: readonly Timeout[]
}

/** @param defaultMs the timeout of locations without a value. */
export const longest = (
  locations: readonly Location[],
  name: ServerTimeout,
  defaultMs: number,
): Common => {
  const values = locations.map(({ settings }) => settings[name])
  const ms = Math.max(...values.map((value) => value?.ms ?? defaultMs))
  const shorter = values.flatMap((value) => (value !== null && value.ms < ms ? [value] : []))
  return { ms: values.some((value) => value?.ms === ms) ? ms : null, shorter }
}
