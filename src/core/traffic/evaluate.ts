import type { ServerWeights } from './figures/evenness.ts'
import { type FigureName, type Figures, figuresOf } from './figures/figures.ts'
import { type Timeline, timelineOf } from './figures/timeline.ts'
import { reasonOf } from './reason.ts'
import type { Check, Scenario, ScenarioName, ScenarioRun } from './scenario.ts'

/** What is expected of a scenario. */
export interface Expectation {
  /** Only claims can fail the run. */
  readonly isClaimed: boolean
  /** Minimums other than those of the scenario. */
  readonly minimums: Partial<Readonly<Record<FigureName, number>>>
  /** The servers for new clients, with their weights; null: unknown. */
  readonly servers: ServerWeights | null
}

export interface CheckResult extends Check {
  /** null: it could not be measured. */
  readonly measured: number | null
  readonly isHeld: boolean | null
  /** One sentence without a full stop. */
  readonly reason: string
}

/** A scenario with its result: plain data, the same for `verify` and `lab`. */
export interface ScenarioResult {
  readonly scenario: ScenarioName
  readonly title: string
  readonly claim: string
  readonly isClaimed: boolean
  /** `unknown`: a figure could not be measured; `skipped`: it was not run. */
  readonly status: 'held' | 'failed' | 'unknown' | 'skipped'
  /** Why it does not hold; empty if it does. */
  readonly reason: string
  /** The first one is the main figure of the scenario. */
  readonly checks: readonly CheckResult[]
  /** null: it was not run. */
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
 * Adds checks that every scenario needs: a route that no server has does not pin a session, even if the
 * client happened to stay; a client that stays on its server must keep its session, unless a claim lowers
 * the minimum; and no two clients may share a session.
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

/** Compares a run of a scenario with the expectation. */
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
  const cause = status === 'failed' ? false : null
  const reasons = checks.filter(({ isHeld }) => isHeld === cause).map(({ reason }) => reason)
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

/** The result of a scenario that was not run. */
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

/** A claim that was not shown to hold has failed, whatever the reason. */
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
