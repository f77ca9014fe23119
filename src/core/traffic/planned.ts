import type { Claim } from './claims.ts'
import type { Behaviour, Scenario, ScenarioName, Size } from './scenario.ts'

/** What a run would ask: plain data. */
export interface TrafficPlanned {
  readonly url: string
  /** In the order in which they are tried; the first that answers is asked. */
  readonly addresses: readonly string[]
  readonly scenarios: readonly {
    readonly name: ScenarioName
    readonly clients: number
    readonly requests: number
    readonly isClaimed: boolean
    /** Why it would not be run; null: it would. */
    readonly skipped: string | null
  }[]
}

/** Those of events, for as long as they take, are not among them. */
export const requestsOf = ({ clients, newcomers, steps }: Behaviour): number =>
  steps.reduce((sum, step) => {
    if (step.kind === 'event') return sum
    return sum + step.each * (step.phase === 'newcomers' ? newcomers : clients)
  }, 0)

export const trafficPlanned = (
  url: string,
  addresses: readonly string[],
  scenarios: readonly Scenario[],
  size: Size,
  claims: readonly Claim[],
  reasonToSkip: (scenario: Scenario) => string | null,
): TrafficPlanned => ({
  url,
  addresses,
  scenarios: scenarios.map((scenario) => {
    const behaviour = scenario.behaviour(size)
    return {
      name: scenario.name,
      clients: behaviour.clients,
      requests: requestsOf(behaviour),
      isClaimed: claims.some(({ name }) => name === scenario.name),
      skipped: reasonToSkip(scenario),
    }
  }),
})
