import { Findings } from '../diagnostics/findings.ts'

/** A form in which a target can write the affinity of an upstream. */
export interface Considered {
  /** Its name in messages: `the jvm_route module`, `"balance source"`. */
  readonly form: string
  /** Why it is not used, as a clause: `it needs modules: [jvm_route]`; null: it is used. */
  readonly refusal: string | null
  /** What would make it possible; null: nothing, or the refusal says it. */
  readonly remedy: string | null
}

/** The form that a target uses for an upstream, and those that it prefers to it. */
export interface Choice {
  /** The name of the target in messages: `nginx 1.26.3`. */
  readonly target: string
  /** In the order in which they were tried; the last is the one that is used, if any is. */
  readonly considered: readonly Considered[]
}

/** The form that is used; null: the target has none. */
export const formOf = ({ considered }: Choice): string | null =>
  considered.find(({ refusal }) => refusal === null)?.form ?? null

/** The only form that a runtime has for the store of the spec. */
export const appChoice = (target: string, write: (findings: Findings) => string): Choice => {
  const findings = new Findings()
  const form = write(findings)
  const refused = findings.all.find(({ severity }) => severity === 'error')
  return {
    target,
    considered: [{ form, refusal: refused?.message ?? null, remedy: refused?.help ?? null }],
  }
}
