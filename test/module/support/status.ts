import { expect } from 'vitest'
import type { Balancer } from './balancer.ts'

/** A server as `json` shows it; times are seconds since 1970, 0: never. */
export interface ServerStatus {
  readonly peer: number
  readonly address: string
  readonly srun_id: string
  readonly backup: boolean
  readonly down: boolean
  readonly drain: boolean
  readonly fails: number
  readonly max_fails: number
  readonly active: number
  readonly max_busy: number
  readonly weight: number
  readonly effective_weight: number
  readonly requests: number
  readonly hits: number
  readonly failovers: number
  readonly failures: number
  readonly last_request: number
  readonly last_failure: number
}

export interface Status {
  readonly upstream: string
  readonly generation: number
  /** Of the worker that answers: what it chose last, as `peer`; 0: nothing yet. */
  readonly current_peer: number
  /** Servers for whose counters there was no memory. */
  readonly uncounted: number
  readonly active: number
  readonly requests: number
  readonly servers: readonly ServerStatus[]
}

export type Format = 'text' | 'json' | 'prometheus'

export const readStatus = async (
  balancer: Balancer,
  upstream: string,
  format: Format,
): Promise<string> => {
  const { status, body } = await balancer.ask('status', { path: `/${upstream}/${format}` })
  expect(status, body).toBe(200)
  return body
}

export const statusOf = async (balancer: Balancer, upstream: string): Promise<Status> =>
  JSON.parse(await readStatus(balancer, upstream, 'json')) as Status
