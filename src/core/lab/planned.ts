import type { Scenario, ScenarioName } from '../traffic/scenario.ts'
import { isClaimed, reasonToSkip } from './claims.ts'
import type { LabPlan } from './plan.ts'
import type { Command } from './program.ts'
import { type GivenSize, sizeAt } from './upgrade-place.ts'

/** The processes and scenarios of a lab, for --dry-run: plain data. */
export interface LabPlanned {
  readonly name: string
  /** In the order in which they start. */
  readonly processes: readonly {
    readonly name: string
    readonly role: 'store' | 'server' | 'balancer'
    readonly title: string
    readonly isStandIn: boolean
    /** The absolute path of the program; for a shell or Node.js, of what it runs. */
    readonly program: string
  }[]
  readonly scenarios: readonly {
    readonly name: ScenarioName
    readonly isClaimed: boolean
    /** Why it is not run; null: it is. */
    readonly skipped: string | null
  }[]
  /** Differences between the lab and the spec; sentences without a full stop. */
  readonly notes: readonly string[]
}

const interpreters = /\/(?:sh|node)$/

const programOf = ({ program, args }: Command): string =>
  interpreters.test(program) ? (args.find((arg) => arg.startsWith('/')) ?? program) : program

/** The scenarios of a run. */
export interface Selection {
  readonly scenarios: readonly Scenario[]
  /** Whether the user named them. */
  readonly isNamed: boolean
  readonly size: GivenSize
}

export const labPlanned = (
  name: string,
  plan: LabPlan,
  objections: readonly string[],
  { scenarios, isNamed, size }: Selection,
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
  scenarios: scenarios.map((scenario) => ({
    name: scenario.name,
    isClaimed: isClaimed(scenario.name, plan),
    skipped: reasonToSkip(scenario, sizeAt(plan.upgrade, size), plan, isNamed),
  })),
  notes: [...objections, ...plan.notes],
})
