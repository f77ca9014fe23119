import type { Expectation } from './evaluate.ts'
import type { FigureName } from './figures/figures.ts'
import { type Scenario, type ScenarioName, scenarioNames } from './scenario.ts'

/** What somebody says of the cluster. */
export interface Claim {
  /** `answered` is claimed of every scenario. */
  readonly name: ScenarioName | 'answered'
  /** null: what the scenario itself asks for. */
  readonly least: number | null
}

export const claimNames: readonly Claim['name'][] = [...scenarioNames, 'answered']

const isClaimName = (name: string): name is Claim['name'] =>
  (claimNames as readonly string[]).includes(name)

/** Reads `sticky`, `sticky=100%` or `spread=0.9`; a string says what is wrong. */
export const parseClaim = (text: string): Claim | string => {
  const [, name = '', written] = /^([^=]*)(?:=(.*))?$/s.exec(text) ?? []
  if (!isClaimName(name)) return `"${name}" is no claim`
  if (written === undefined) return { name, least: null }
  const [, number, percent] = /^(\d{1,3}(?:\.\d{1,6})?)(%?)$/.exec(written) ?? []
  const least = number === undefined ? Number.NaN : Number(number) / (percent === '%' ? 100 : 1)
  if (!(least >= 0 && least <= 1)) return `"${written}" is no share`
  return { name, least }
}

/** What is expected of a scenario, where several say something: the last word counts. */
export const expectationOf = (
  { name, checks }: Scenario,
  claims: readonly Claim[],
  servers: Expectation['servers'],
): Expectation => {
  const own = claims.filter((claim) => claim.name === name)
  const least: Partial<Record<FigureName, number>> = {}
  for (const claim of claims) {
    if (claim.least === null) continue
    if (claim.name === 'answered') least.answered = claim.least
    if (claim.name === name) least[checks[0].figure] = claim.least
  }
  return { isClaimed: own.length > 0, least, servers }
}
