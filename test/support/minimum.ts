import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'

/** What CI must have at least of one kind; see test/minimum.yaml. */
export interface Requirement {
  readonly kind: string
  readonly atLeast: number
  /** Each is a group of names that count together. */
  readonly of: readonly (readonly string[])[]
}

const file = z.record(
  z.string(),
  z.strictObject({ atLeast: z.int().min(1), of: z.array(z.string()).min(1) }),
)

export const readMinimum = (): readonly Requirement[] => {
  const text = readFileSync(new URL('../minimum.yaml', import.meta.url), 'utf8')
  return Object.entries(file.parse(parse(text))).map(([kind, { atLeast, of }]) => ({
    kind,
    atLeast,
    of: of.map((words) => words.split(' ')),
  }))
}

/** What is missing of a name: the reason, or null when it is there. */
export type WhyMissing = (name: string) => string | null

/** A sentence that says what is missing, or null when there is enough. */
export const shortage = (requirement: Requirement, whyMissing: WhyMissing): string | null => {
  const { kind, atLeast, of } = requirement
  const reasons = of.map((names) => names.flatMap((name) => whyMissing(name) ?? []))
  const found = reasons.filter((each) => each.length === 0).length
  if (found >= atLeast) return null
  const missing = [...new Set(reasons.flat())].map((reason) => `\n  ${reason}`)
  return `${kind}: ${found} of ${of.length} are here, and CI requires at least ${atLeast}. Missing:${missing.join('')}`
}
