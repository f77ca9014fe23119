import { nearest } from '../../core/diagnostics/suggest.ts'
import { type Scenario, type Size, scenarioNames } from '../../core/traffic/scenario.ts'
import { scenarios } from '../../core/traffic/scenarios.ts'
import { UsageError } from '../../errors.ts'
import { exitCodes } from '../../exit-codes.ts'
import { formatJson } from '../../report/json.ts'
import type { ArgsOf, Outcome } from '../define.ts'
import type { labOptions } from '../lab.ts'

type Args = ArgsOf<typeof labOptions>

/**
 * Those that are named, in the order in which they are run; else all, or none for somebody who only
 * wants to look around. @throws UsageError for a name that is none.
 */
export const chosenScenarios = ({ scenario: names, keep }: Args): readonly Scenario[] => {
  for (const name of names) {
    if (scenarioNames.some((known) => known === name)) continue
    const near = nearest(name, scenarioNames)
    throw new UsageError(`there is no scenario ${name}`, {
      help: near === null ? 'sessctl lab --list names them' : `did you mean ${near}?`,
    })
  }
  if (names.length === 0) return keep ? [] : scenarios
  return scenarios.filter(({ name }) => names.includes(name))
}

const numberOf = (text: string, option: string, most: number): number => {
  const number = /^\d{1,6}$/.test(text) ? Number(text) : 0
  if (number >= 1 && number <= most) return number
  throw new UsageError(`"${text}" is not a value of ${option}`, {
    help: `a whole number from 1 to ${most}`,
  })
}

/** @throws UsageError for what is no number. */
export const sizeOf = ({ clients, requests }: Args): Size => ({
  clients: numberOf(clients, '--clients', 10_000),
  requests: numberOf(requests, '--requests', 1_000),
})

export const listScenarios = ({ format }: Args): Outcome => {
  const exitCode = exitCodes.done
  const known = scenarios.map(({ name, title, claim }) => ({ name, title, claim }))
  const width = Math.max(...known.map(({ name }) => name.length))
  const lines = known.map(({ name, claim }) => `${name.padEnd(width)}  ${claim}\n`)
  const stdout =
    format === 'json' ? formatJson('lab', exitCode, { scenarios: known }) : lines.join('')
  return { exitCode, stdout, stderr: '' }
}
