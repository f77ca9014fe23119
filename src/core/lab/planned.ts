import type { Scenario, ScenarioName, Size } from '../traffic/scenario.ts'
import { isClaimed, reasonToSkip } from './claims.ts'
import type { LabPlan } from './plan.ts'
import type { Command } from './program.ts'

/** What a lab would start and ask: plain data. */
export interface LabPlanned {
  readonly name: string
  /** In the order in which they start. */
  readonly processes: readonly {
    readonly name: string
    readonly role: 'store' | 'server' | 'balancer'
    readonly title: string
    readonly isStandIn: boolean
    /** The program, or what a shell or Node.js runs; absolute. */
    readonly program: string
  }[]
  readonly scenarios: readonly {
    readonly name: ScenarioName
    readonly isClaimed: boolean
    /** Why it would not be run; null: it would. */
    readonly skipped: string | null
  }[]
  /** In what the lab would differ from the spec; sentences without a full stop. */
  readonly notes: readonly string[]
}

const interpreters = /\/(?:sh|node)$/

const programOf = ({ program, args }: Command): string =>
  interpreters.test(program) ? (args.find((arg) => arg.startsWith('/')) ?? program) : program

export const labPlanned = (
  name: string,
  plan: LabPlan,
  objections: readonly string[],
  wanted: readonly Scenario[],
  size: Size,
): LabPlanned => ({
  name,
  processes: [...plan.stores, ...plan.servers, plan.balancer].map(
    ({ name, role, title, isStandIn, command }) => ({
      name,
      role,
      title,
      isStandIn,
      program: programOf(command),
    }),
  ),
  scenarios: wanted.map((scenario) => ({
    name: scenario.name,
    isClaimed: isClaimed(scenario.name, plan),
    skipped: reasonToSkip(scenario, size, plan),
  })),
  notes: [...objections, ...plan.notes],
})
