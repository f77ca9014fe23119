import { formatDuration } from '../../model/duration.ts'

/** Most of nginx's times are in whole seconds: it refuses `500ms` there. */
export const isWholeSeconds = (ms: number): boolean => ms % 1000 === 0

/** A time for a directive that counts in seconds. */
export const seconds = (ms: number): string => (ms === 0 ? '0s' : formatDuration(ms))

/** A time for a directive that counts in milliseconds. */
export const milliseconds = (ms: number): string => formatDuration(ms)

/** nginx refuses shared memory zones of less than eight pages of 4 KiB. */
export const smallestZone = 8 * 4096

const page = 4096

/** Measured on 1.18 to 1.30: five servers a page at most, beside what the zone itself needs. */
export const serversInZone = (bytes: number): number => Math.floor((bytes / page) * 5.2) - 17

/** A zone that surely holds so many servers. */
export const zoneFor = (servers: number): string =>
  `${Math.max(64, Math.ceil((servers + 20) / 4) * (page / 1024))}k`
