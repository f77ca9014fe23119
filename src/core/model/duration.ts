const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** Milliseconds of `500ms`, `10s`, `5m`, `1h` or `1d`; the schema has checked the form. */
export const durationMs = (text: string): number => {
  const unit = /[a-z]+$/.exec(text)?.[0] as keyof typeof unitMs
  return Number.parseInt(text, 10) * unitMs[unit]
}

/** In the largest unit without a fraction: 90,000 ms is `90s`, 60,000 ms is `1m`. nginx and HAProxy read this form. */
export const formatDuration = (ms: number): string => {
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    if (ms > 0 && ms % unitMs[unit] === 0) return `${ms / unitMs[unit]}${unit}`
  }
  return `${ms}ms`
}
