import type { Claim } from './claims.ts'
import type { Behaviour, Scenario, ScenarioName, Size, Step } from './scenario.ts'

/** The requests of a run, for --dry-run: plain data. */
export interface TrafficPlanned {
  readonly url: string
  /** In the order of the attempts; the first one that responds is used. */
  readonly addresses: readonly string[]
  readonly scenarios: readonly {
    readonly name: ScenarioName
    readonly clients: number
    readonly requests: number
    readonly isClaimed: boolean
    /** Why it is not run; null: it is. */
    readonly skipped: string | null
  }[]
}

/** Without the requests during events. */
export const requestsOf = ({ clients, newcomers, steps }: Behaviour): number => {
  const requestsIn = (step: Step): number => {
    switch (step.kind) {
      case 'event':
        return 0
      case 'slow':
        return 1
      case 'upgrade':
        return clients
      case 'requests':
        return step.each * (step.phase === 'newcomers' ? newcomers : clients)
    }
  }
  return steps.reduce((sum, step) => sum + requestsIn(step), 0)
}

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
