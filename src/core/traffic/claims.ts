import type { Expectation } from './evaluate.ts'
import type { FigureName } from './figures/figures.ts'
import { type Scenario, type ScenarioName, scenarioNames } from './scenario.ts'

/** A scenario that must succeed. */
export interface Claim {
  /** `answered` applies to every scenario. */
  readonly name: ScenarioName | 'answered'
  /** null: the minimum of the scenario. */
  readonly minimum: number | null
}

export const claimNames: readonly Claim['name'][] = [...scenarioNames, 'answered']

const isClaimName = (name: string): name is Claim['name'] =>
  (claimNames as readonly string[]).includes(name)

/** Reads `sticky`, `sticky=100%` or `spread=0.9`; returns a message if it cannot. */
export const parseClaim = (text: string): Claim | string => {
  const [, name = '', written] = /^([^=]*)(?:=(.*))?$/s.exec(text) ?? []
  if (!isClaimName(name)) return `"${name}" is not a claim`
  if (written === undefined) return { name, minimum: null }
  const [, number, percent] = /^(\d{1,3}(?:\.\d{1,6})?)(%?)$/.exec(written) ?? []
  const least = number === undefined ? Number.NaN : Number(number) / (percent === '%' ? 100 : 1)
  if (!(least >= 0 && least <= 1)) return `"${written}" is not a share from 0% to 100%`
  return { name, minimum: least }
}

/** The expectation of a scenario; of several claims with a minimum, the last one counts. */
export const expectationOf = (
  { name, checks }: Scenario,
  claims: readonly Claim[],
  servers: Expectation['servers'],
): Expectation => {
  const own = claims.filter((claim) => claim.name === name)
  const least: Partial<Record<FigureName, number>> = {}
  for (const claim of claims) {
    if (claim.minimum === null) continue
    if (claim.name === 'answered') least.answered = claim.minimum
    if (claim.name === name) least[checks[0].figure] = claim.minimum
  }
  return { isClaimed: own.length > 0, minimums: least, servers }
}
