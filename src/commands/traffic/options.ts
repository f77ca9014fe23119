import { didYouMean } from '../../core/diagnostics/suggest.ts'
import type { Scenario } from '../../core/traffic/scenario.ts'
import { scenarios } from '../../core/traffic/scenarios.ts'
import { IoError, UsageError } from '../../errors.ts'

/** @throws UsageError for anything but a whole number from 1 to `most`. */
export const numberOf = (flag: string, text: string, most: number): number => {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : 0
  if (number >= 1 && number <= most) return number
  throw new UsageError(`"${text}" is not a value of ${flag}`, {
    help: `use a whole number from 1 to ${most}`,
  })
}

/** @throws UsageError for an unknown name. */
export const scenarioNamed = (name: string, known: readonly Scenario[]): Scenario => {
  const found = scenarios.find((scenario) => scenario.name === name)
  if (found !== undefined) return found
  throw new UsageError(`there is no scenario "${name}"`, {
    help: didYouMean(
      name,
      known.map((scenario) => scenario.name),
    ),
  })
}

/**
 * @param reasonAgainst why a scenario cannot be tested on this host; null: it can.
 * @throws IoError when none of the scenarios can be tested.
 */
export const checkTestable = (
  wanted: readonly Scenario[],
  reasonAgainst: (scenario: Scenario) => string | null,
): void => {
  const reasons = wanted.flatMap((scenario) => {
    const reason = reasonAgainst(scenario)
    return reason === null ? [] : [`${scenario.name}: ${reason}`]
  })
  if (wanted.length === 0 || reasons.length < wanted.length) return
  throw new IoError(`no scenario can be tested on this host (${reasons.join('; ')})`, {
    help: 'use a host where all of 127.0.0.0/8 is loopback, such as Linux, and an IPv4 address',
  })
}
