import type { Run } from '../run.ts'
import type { SimulatedServer } from '../server.ts'
import type { Learned } from './learned.ts'

/** What is written for an upstream, as a model. */
export interface Form {
  /** As written, such as `ip_hash` or `balance source, hash-type consistent`. */
  readonly title: string
  /** In the order of the file. */
  readonly servers: readonly SimulatedServer[]
  /** Of what the proxy learns, if a reload keeps it; null: it learns nothing, or forgets. */
  readonly memoryKey: string | null
  readonly run: (learned: Learned) => Run
}
