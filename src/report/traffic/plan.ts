import type { Claim } from '../../core/traffic/claims.ts'
import type { Behaviour, Scenario, Size } from '../../core/traffic/scenario.ts'
import { visible } from '../visible.ts'
import { plural } from './words.ts'

/** Those of events, for as long as they take, are not among them. */
export const requestsOf = ({ clients, newcomers, steps }: Behaviour): number =>
  steps.reduce((sum, step) => {
    if (step.kind === 'event') return sum
    return sum + step.each * (step.phase === 'newcomers' ? newcomers : clients)
  }, 0)

/** What a run would ask. */
export const formatTrafficPlan = (
  where: string,
  scenarios: readonly Scenario[],
  size: Size,
  claims: readonly Claim[],
): string =>
  [
    `${visible(where)} would be asked:`,
    ...scenarios.map((scenario) => {
      const behaviour = scenario.behaviour(size)
      const isClaimed = claims.some(({ name }) => name === scenario.name)
      const count = plural(requestsOf(behaviour), 'request')
      return `  ${scenario.name.padEnd(10)}${count} of ${plural(behaviour.clients, 'client')}${isClaimed ? ', claimed' : ''}`
    }),
    '',
  ].join('\n')
