import type { Observation, UpgradeOutcome } from '../exchange.ts'

/** WebSocket handshakes and their connections. */
export interface Upgrades {
  readonly requested: number
  readonly upgraded: number
  /** Upgraded connections that were idle. */
  readonly idle: number
  /** Those that worked after the idle time. */
  readonly open: number
  /** How long the first one that was closed was open; null: none was closed. */
  readonly closedMs: number | null
  /** The statuses and failures of other answers, in the order of their first occurrence. */
  readonly refusals: readonly string[]
}

const handshakes = (observations: readonly Observation[]): readonly UpgradeOutcome[] =>
  observations.flatMap(({ upgrade }) => upgrade ?? [])

const shareOf = (
  outcomes: readonly UpgradeOutcome[],
  holds: (outcome: UpgradeOutcome) => boolean,
): number | null => (outcomes.length === 0 ? null : outcomes.filter(holds).length / outcomes.length)

/** Connections that were upgraded, of all for which it was requested. */
export const upgradedShare = (observations: readonly Observation[]): number | null =>
  shareOf(handshakes(observations), ({ isUpgraded }) => isUpgraded)

const isIdle = ({ idleMs }: UpgradeOutcome): boolean => idleMs > 0

/** Connections that worked after the idle time, of all that were requested. */
export const openShare = (observations: readonly Observation[]): number | null =>
  shareOf(handshakes(observations).filter(isIdle), ({ isOpen }) => isOpen)

/** null: there were no handshakes. */
export const upgradesOf = (observations: readonly Observation[]): Upgrades | null => {
  const outcomes = handshakes(observations)
  if (outcomes.length === 0) return null
  const upgraded = outcomes.filter(({ isUpgraded }) => isUpgraded)
  const idle = upgraded.filter(isIdle)
  const closed = outcomes.flatMap(({ closedMs }) => closedMs ?? [])
  const refused = observations.filter(({ upgrade }) => upgrade?.isUpgraded === false)
  return {
    requested: outcomes.length,
    upgraded: upgraded.length,
    idle: idle.length,
    open: idle.filter(({ isOpen }) => isOpen).length,
    closedMs: closed.length === 0 ? null : Math.min(...closed),
    refusals: [...new Set(refused.map(({ status, failure }) => String(status ?? failure)))],
  }
}
