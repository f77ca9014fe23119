import { formatDuration } from '../../model/duration.ts'

/** Most times in nginx are whole seconds: it refuses `500ms` there. */
export const isWholeSeconds = (ms: number): boolean => ms % 1000 === 0

/** A time as nginx writes it, such as `90s` or `1h`. */
export const duration = (ms: number): string => (ms === 0 ? '0s' : formatDuration(ms))
