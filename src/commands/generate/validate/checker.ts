import type { CheckInput, NotCheckable, PlannedCheck, Tool } from '../../../core/validate/check.ts'

/** A tool of this host that can be asked about some of the artifacts. */
export interface Checker {
  readonly tool: Tool
  /** Paths of the artifacts that it is asked about. */
  readonly paths: readonly string[]
  readonly plan: (input: CheckInput) => readonly (PlannedCheck | NotCheckable)[]
}

/** A tool that is not on this host. */
export interface Missing {
  readonly paths: readonly string[]
  /** Such as `there is no nginx on this host`. */
  readonly what: string
  readonly remedy: string
}
