import { didYouMean } from '../../core/diagnostics/suggest.ts'
import { type Claim, claimNames, parseClaim } from '../../core/traffic/claims.ts'
import type { Scenario, Size } from '../../core/traffic/scenario.ts'
import { scenarios } from '../../core/traffic/scenarios.ts'
import { UsageError } from '../../errors.ts'
import type { ArgsOf } from '../define.ts'
import type { Load } from '../traffic/drive.ts'
import { checkPath, durationOf, numberOf, scenarioNamed } from '../traffic/options.ts'
import type { verifyOptions } from '../verify.ts'

export type Args = ArgsOf<typeof verifyOptions>

const mostRequests = 1_000_000

/** Requests per second to another host. */
const foreignRate = 50

export const sizeOf = (args: Args): Size => {
  const clients = numberOf('--clients', args.clients, 50_000)
  const requests = numberOf('--requests', args.requests, 10_000)
  const idleMs = durationOf('--idle', args.idle)
  // verify runs no scenario that needs a slow answer.
  if (clients * requests <= mostRequests) return { clients, requests, idleMs, slowMs: 0 }
  throw new UsageError(`${clients} clients with ${requests} requests each are too many`, {
    help: `use at most ${mostRequests} requests in total`,
  })
}

export const loadOf = ({ concurrency, rate, iOwnThisHost }: Args): Load => ({
  concurrency: numberOf('--concurrency', concurrency, 1000),
  rate: rate === null ? (iOwnThisHost ? foreignRate : null) : numberOf('--rate', rate, 100_000),
})

export const timeoutOf = ({ timeout }: Args): number => durationOf('--timeout', timeout)

const isTestable = ({ events, usesAllEntryPoints = false, isForLab = false }: Scenario): boolean =>
  events.length === 0 && !usesAllEntryPoints && !isForLab

const testable = scenarios.filter(isTestable)

const testableScenario = (name: string): Scenario => {
  const found = scenarioNamed(name, testable)
  if (isTestable(found)) return found
  throw new UsageError(`verify cannot run the scenario "${name}": verify only sends requests`, {
    help: `use sessctl lab --scenario ${name}, which starts the cluster itself`,
  })
}

export const claimsFrom = ({ claim }: Args): readonly Claim[] =>
  claim.map((text) => {
    const parsed = parseClaim(text)
    if (typeof parsed === 'string') {
      const [name = ''] = text.split('=')
      const isName = claimNames.some((known) => known === name)
      throw new UsageError(`--claim ${text}: ${parsed}`, {
        help: isName ? 'write a share as 99% or 0.99' : didYouMean(name, claimNames),
      })
    }
    if (parsed.name !== 'answered') testableScenario(parsed.name)
    return parsed
  })

/** Not every application has session ids in URLs, or WebSocket connections. */
const onlyIfClaimed: readonly Scenario['name'][] = ['url', 'upgrade']

/** The path of WebSocket handshakes; null: that of the URL. */
export const upgradePathOf = ({ upgradePath }: Args): string | null => {
  if (upgradePath !== null) checkPath('--upgrade-path', upgradePath)
  return upgradePath
}

/**
 * The scenarios of --scenario and --claim; without --scenario, all that verify can run, and some of them
 * only if they are claimed. --upgrade-path adds `upgrade`.
 */
export const scenariosFor = (args: Args, claims: readonly Claim[]): readonly Scenario[] => {
  const named = args.scenario.map(testableScenario)
  const hasClaim = (list: readonly Claim[], { name }: Scenario): boolean =>
    list.some((claim) => claim.name === name)
  const requested = claimsFrom(args)
  return testable.filter((scenario) => {
    if (scenario.name === 'upgrade' && args.upgradePath !== null) return true
    return named.length > 0
      ? named.includes(scenario) || hasClaim(requested, scenario)
      : !onlyIfClaimed.includes(scenario.name) || hasClaim(claims, scenario)
  })
}
