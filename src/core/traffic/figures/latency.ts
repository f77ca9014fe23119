export interface Latency {
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly max: number
}

/** The nearest rank: a time that was really measured, with at least that share at or below it. */
const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0

/** Of the requests that were served: what fails fast would make a balancer look fast. */
export const latencyOf = (times: readonly number[]): Latency | null => {
  if (times.length === 0) return null
  const sorted = [...times].sort((a, b) => a - b)
  return {
    p50: quantile(sorted, 0.5),
    p95: quantile(sorted, 0.95),
    p99: quantile(sorted, 0.99),
    max: quantile(sorted, 1),
  }
}
