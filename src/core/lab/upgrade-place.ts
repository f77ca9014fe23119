import { forwardsUpgrades } from '../dialects/upgrades.ts'
import { locationOf } from '../traffic/location-of.ts'
import type { Size } from '../traffic/scenario.ts'
import { candidates, type EntryPoint, locationFor } from './entry-point.ts'

/** Where the scenario `upgrade` opens its connections. */
export interface UpgradePlace {
  readonly path: string
  /** Whether the spec says that upgrades are forwarded there. */
  readonly isForwarded: boolean
  /** How long an idle connection is kept according to the spec; null: it does not say. */
  readonly tunnelMs: number | null
}

export const upgradePlaceAt = ({ frontend }: EntryPoint, path: string): UpgradePlace => {
  const location = locationOf(path.split('?', 1)[0] ?? '/', frontend)
  return {
    path,
    isForwarded: location !== null && forwardsUpgrades(location),
    tunnelMs: location?.settings.tunnelTimeout?.ms ?? null,
  }
}

/** A location with `websocket: true` that proxies to the upstream; without one, the entry point itself. */
export const upgradePlaceOf = (entryPoint: EntryPoint): UpgradePlace => {
  const { upstream, frontend, url } = entryPoint
  const forwarded = candidates(upstream, frontend).find((path) => {
    const location = locationFor(upstream, frontend, path)
    return location !== null && forwardsUpgrades(location)
  })
  return upgradePlaceAt(entryPoint, forwarded ?? new URL(url).pathname)
}

/** Without a tunnel timeout, a connection is idle for a moment only. */
const shortIdleMs = 1_000
/** All proxies close idle connections after 60 s by default. */
const longIdleMs = 65_000

/** Well below the timeout of the spec, and long enough to show that the default does not apply. */
const idleMsAt = ({ tunnelMs }: UpgradePlace): number =>
  tunnelMs === null ? shortIdleMs : Math.min(Math.floor(tunnelMs * 0.8), longIdleMs)

/** As given on the command line; `idleMs` is null if it follows from the spec. */
export type GivenSize = Omit<Size, 'idleMs'> & { readonly idleMs: number | null }

export const sizeAt = (place: UpgradePlace, given: GivenSize): Size => ({
  ...given,
  idleMs: given.idleMs ?? idleMsAt(place),
})
