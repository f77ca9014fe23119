import type { Advice } from '../plan/advice.ts'

/** In the order in which they run; a build needs not all of them. */
export const stepNames = [
  'plan',
  'fetch',
  'verify',
  'extract',
  'patch',
  'configure',
  'compile',
  'smoke',
  'package',
  'install',
  'upgrade',
] as const
export type StepName = (typeof stepNames)[number]

export type BuildEvent =
  | { readonly kind: 'started'; readonly step: StepName }
  /** A line that a program said. */
  | { readonly kind: 'line'; readonly step: StepName; readonly text: string }
  | {
      readonly kind: 'progress'
      readonly step: StepName
      readonly what: string
      readonly done: number
      /** Null: nobody knows. */
      readonly total: number | null
    }
  | { readonly kind: 'advice'; readonly step: StepName; readonly advice: Advice }
  | {
      readonly kind: 'done'
      readonly step: StepName
      readonly milliseconds: number
      readonly summary: string
      /** Nothing had to be done again. */
      readonly isCached: boolean
    }
  | { readonly kind: 'failed'; readonly step: StepName; readonly milliseconds: number }

/** What became of a step, for the report. */
export interface StepRecord {
  readonly step: StepName
  readonly milliseconds: number
  readonly summary: string
  readonly isCached: boolean
  /** Where all that was said stands; null when nothing was. */
  readonly log: string | null
}
