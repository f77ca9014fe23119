import type { Trial } from '../traffic/evaluate.ts'

/** What was seen of one spec's cluster. */
export interface LabTrial extends Trial {
  /** Milliseconds that the balancer adds to half of the requests at least; null: not measured. */
  readonly addedMs: number | null
}
