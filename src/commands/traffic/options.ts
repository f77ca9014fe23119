import { didYouMean } from '../../core/diagnostics/suggest.ts'
import { durationMs } from '../../core/model/duration.ts'
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

/** Milliseconds. @throws UsageError for anything but a duration up to ten minutes. */
export const durationOf = (flag: string, text: string): number => {
  const isDuration = /^\d{1,6}(?:ms|s|m)$/.test(text)
  const ms = isDuration ? durationMs(text) : 0
  if (ms > 0 && ms <= 600_000) return ms
  throw new UsageError(`"${text}" is not a value of ${flag}`, {
    help: 'use a duration up to 10m, such as 500ms, 10s or 1m',
  })
}

/** @throws UsageError for anything but a path that needs no escaping. */
export const checkPath = (flag: string, text: string): void => {
  if (/^\/[\x21-\x7e]*$/.test(text) && !text.includes('#')) return
  throw new UsageError(`"${text}" is not a value of ${flag}`, {
    help: 'use a path that starts with a slash, such as /live/',
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
