import { didYouMean } from '../../core/diagnostics/suggest.ts'
import { durationMs } from '../../core/model/duration.ts'
import { type Claim, claimNames, parseClaim } from '../../core/traffic/claims.ts'
import type { Scenario, Size } from '../../core/traffic/scenario.ts'
import { scenarios } from '../../core/traffic/scenarios.ts'
import { UsageError } from '../../errors.ts'
import type { ArgsOf } from '../define.ts'
import type { verifyOptions } from '../verify.ts'

export type Args = ArgsOf<typeof verifyOptions>

/** The load that one run may make at most. */
const mostRequests = 1_000_000

export const numberOf = (flag: string, text: string, most: number): number => {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : 0
  if (number >= 1 && number <= most) return number
  throw new UsageError(`${flag} ${text} is no number that it can be`, {
    help: `a whole number from 1 to ${most}`,
  })
}

export const sizeOf = (args: Args): Size => {
  const clients = numberOf('--clients', args.clients, 50_000)
  const requests = numberOf('--requests', args.requests, 10_000)
  if (clients * requests <= mostRequests) return { clients, requests }
  throw new UsageError(`${clients} clients with ${requests} requests each are too many`, {
    help: `a scenario has at most ${mostRequests} requests`,
  })
}

export const timeoutOf = ({ timeout }: Args): number => {
  const isDuration = /^\d{1,6}(?:ms|s|m)$/.test(timeout)
  const ms = isDuration ? durationMs(timeout) : 0
  if (ms > 0 && ms <= 600_000) return ms
  throw new UsageError(`--timeout ${timeout} is no time to wait`, {
    help: 'a duration with its unit, up to 10m: 500ms, 10s, 1m',
  })
}

/** What only somebody who holds the servers can show. */
const needsLab = ({ events, entrances }: Scenario): boolean =>
  events.length > 0 || entrances === 'all'

const labOnly = (name: string): UsageError =>
  new UsageError(`${name} is more than traffic can show`, {
    help: 'somebody has to stop, drain or restart servers for it, and verify only asks',
  })

const scenarioCalled = (name: string, flag: string): Scenario => {
  const found = scenarios.find((scenario) => scenario.name === name)
  const known = scenarios.filter((scenario) => !needsLab(scenario)).map((scenario) => scenario.name)
  if (found === undefined)
    throw new UsageError(`${flag} ${name}: there is no such scenario`, {
      help: didYouMean(name, known),
    })
  if (needsLab(found)) throw labOnly(name)
  return found
}

export const claimsFrom = ({ claim }: Args): readonly Claim[] =>
  claim.map((text) => {
    const parsed = parseClaim(text)
    if (typeof parsed === 'string') {
      const [name = ''] = text.split('=')
      const isName = (claimNames as readonly string[]).includes(name)
      throw new UsageError(`--claim ${text}: ${parsed}`, {
        help: isName ? 'a share is 99% or 0.99' : didYouMean(name, claimNames),
      })
    }
    if (parsed.name !== 'answered') scenarioCalled(parsed.name, '--claim')
    return parsed
  })

/**
 * Those that --scenario names, with those that --claim names; else all that traffic can show, sessions
 * in URLs only where they are claimed.
 */
export const scenariosFor = (args: Args, claims: readonly Claim[]): readonly Scenario[] => {
  const named = args.scenario.map((name) => scenarioCalled(name, '--scenario'))
  const isAsked = ({ name }: Scenario) =>
    named.some((scenario) => scenario.name === name) ||
    claimsFrom(args).some((claim) => claim.name === name)
  const isClaimed = ({ name }: Scenario) => claims.some((claim) => claim.name === name)
  return scenarios.filter((scenario) =>
    named.length > 0
      ? isAsked(scenario)
      : !needsLab(scenario) && (scenario.name !== 'url' || isClaimed(scenario)),
  )
}
