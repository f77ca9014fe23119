import { atLeast, type Version } from '../../model/version.ts'

/** The Spring Boot releases whose properties sessctl knows. */
export type ReleaseLine = '2.7' | '3' | '4'

/** null: unsupported. */
export const releaseLineOf = ({ parts: [major, minor] }: Version): ReleaseLine | null => {
  if (major === 2) return minor === 7 ? '2.7' : null
  return major === 3 ? '3' : major === 4 ? '4' : null
}

/** Whether the Redis client sends logins in UTF-8 (Lettuce 6.5.2). */
export const sendsUtf8 = (boot: Version): boolean => atLeast(boot, '3.5.0')

/** The property that enables TLS for Redis became a group in 3.1. */
export const redisTlsKey = (boot: Version): string =>
  atLeast(boot, '3.1.0') ? 'ssl.enabled' : 'ssl'
