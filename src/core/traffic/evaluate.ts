import type { ServerWeights } from './figures/evenness.ts'
import { type FigureName, type Figures, figuresOf } from './figures/figures.ts'
import { type Timeline, timelineOf } from './figures/timeline.ts'
import { reasonOf } from './reason.ts'
import type { Check, Scenario, ScenarioName, ScenarioRun } from './scenario.ts'

/** What is held true of a scenario, and of the cluster. */
export interface Expectation {
  /** A claim that does not hold is a failure; everything else is only told. */
  readonly isClaimed: boolean
  /** Other limits than the scenario's own. */
  readonly minimums: Partial<Readonly<Record<FigureName, number>>>
  /** The servers that should take new clients, with their weights; null: nobody has said. */
  readonly servers: ServerWeights | null
}

export interface CheckResult extends Check {
  /** null: what was seen cannot tell. */
  readonly measured: number | null
  readonly isHeld: boolean | null
  /** One sentence without a full stop. */
  readonly reason: string
}

/** One scenario and what came of it: plain data, the same for `verify` and `lab`. */
export interface ScenarioResult {
  readonly scenario: ScenarioName
  readonly title: string
  readonly claim: string
  readonly isClaimed: boolean
  /** `unknown`: what was seen cannot tell; `skipped`: it was not run. */
  readonly status: 'held' | 'failed' | 'unknown' | 'skipped'
  /** Why; empty where everything holds. */
  readonly reason: string
  /** The first is what the scenario is about. */
  readonly checks: readonly CheckResult[]
  /** null when it was not run. */
  readonly figures: Figures | null
  readonly timeline: Timeline | null
}

const allRouted: Check = { figure: 'routed', minimum: 1 }
const allKept: Check = { figure: 'kept', minimum: 1 }
const allSeparate: Check = { figure: 'separate', minimum: 1 }

const checked = (check: Check, figures: Figures, seen: ScenarioRun): CheckResult => {
  const measured = figures.shares[check.figure]
  const isHeld = measured === null ? null : measured >= check.minimum
  return { ...check, measured, isHeld, reason: reasonOf(check.figure, figures, seen) }
}

/**
 * Where a route should pin sessions, one that no server has does not, however lucky the run was. A
 * client that stays on its server without its session has not stayed, unless fewer need to stay than all;
 * and no two clients may have one session, whatever the scenario is about.
 */
const checksOf = (
  { checks }: Scenario,
  { shares }: Figures,
  { minimums: least }: Expectation,
): readonly Check[] => {
  const has = (name: FigureName): boolean => checks.some(({ figure }) => figure === name)
  const staysWhole = has('sticky') && (least.sticky ?? 1) === 1
  const isLost = shares.kept !== null && shares.kept < 1
  const isShared = shares.separate !== null && shares.separate < 1
  return [
    ...checks,
    ...(has('sticky') && shares.routed !== null ? [allRouted] : []),
    ...(staysWhole && isLost && !has('kept') ? [allKept] : []),
    ...(isShared ? [allSeparate] : []),
  ]
}

const statusOf = (checks: readonly CheckResult[]): ScenarioResult['status'] => {
  if (checks.some(({ isHeld }) => isHeld === false)) return 'failed'
  return checks.some(({ isHeld }) => isHeld === null) ? 'unknown' : 'held'
}

/** Judges what was seen of a scenario. */
export const evaluate = (
  scenario: Scenario,
  seen: ScenarioRun,
  expectation: Expectation,
): ScenarioResult => {
  const { name, title, claim } = scenario
  const figures = figuresOf(seen, expectation.servers)
  const checks = checksOf(scenario, figures, expectation).map(({ figure, minimum: least }) =>
    checked({ figure, minimum: expectation.minimums[figure] ?? least }, figures, seen),
  )
  const status = statusOf(checks)
  const blame = status === 'failed' ? false : null
  const reasons = checks.filter(({ isHeld }) => isHeld === blame).map(({ reason }) => reason)
  return {
    scenario: name,
    title,
    claim,
    isClaimed: expectation.isClaimed,
    status,
    reason: status === 'held' ? '' : [...new Set(reasons)].join('; '),
    checks,
    figures,
    timeline: timelineOf(seen),
  }
}

/** A scenario that was not run, and why. */
export const skipped = (
  scenario: Scenario,
  reason: string,
  isClaimed: boolean,
): ScenarioResult => ({
  scenario: scenario.name,
  title: scenario.title,
  claim: scenario.claim,
  isClaimed,
  status: 'skipped',
  reason,
  checks: [],
  figures: null,
  timeline: null,
})

/** A claim that was not seen to hold has failed, whatever the reason. */
export const isFailure = ({ isClaimed, status }: ScenarioResult): boolean =>
  isClaimed && status !== 'held'

/** The results of one cluster: of one spec, or of one URL. */
export interface Trial {
  readonly name: string
  /** The programs that were started, or the clients and the upstream. */
  readonly about: string
  /** What a reader needs to know to interpret the figures. */
  readonly notes: readonly string[]
  readonly results: readonly ScenarioResult[]
  /** The median latency in milliseconds that the balancer adds; null: not measured. */
  readonly addedMs: number | null
}
