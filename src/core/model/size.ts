const unitBytes = { k: 1024, m: 1024 ** 2, g: 1024 ** 3 } as const

/** Bytes of `64k`, `1m`, `4g` or a plain number; the schema has checked the form. */
export const sizeBytes = (size: string): number => {
  const unit = size.slice(-1).toLowerCase()
  return (
    Number.parseInt(size, 10) * (unit in unitBytes ? unitBytes[unit as keyof typeof unitBytes] : 1)
  )
}

/** In the largest unit without a fraction: `64k`, `1m`, `4g`. nginx and HAProxy read this form. */
export const formatSize = (bytes: number): string => {
  for (const unit of ['g', 'm', 'k'] as const) {
    if (bytes > 0 && bytes % unitBytes[unit] === 0) return `${bytes / unitBytes[unit]}${unit}`
  }
  return String(bytes)
}

/** nginx's documentation: one megabyte holds about 4,000 sessions. */
const bytesPerSession = 256

/** The sessions that a zone such as `1m` holds. */
export const sessionsIn = (zone: string): number =>
  Math.max(1, Math.floor(sizeBytes(zone) / bytesPerSession))
