import type { RedissonSessions } from '../../../model/sessions.ts'
import { atLeast, parseVersion, type Version } from '../../../model/version.ts'
import { type Line, lineOf } from '../release.ts'

/** The newest of each line whose jars are all known here; Tomcat 11 came with 3.38. */
const preferred = '3.39.0'

/** The release that is configured. */
export const redissonRelease = ({ version }: RedissonSessions): Version =>
  version ?? parseVersion(preferred)

/** The module for each line of Tomcat, and the first release that works there. */
const modules: Readonly<Record<Line, { readonly name: string; readonly since: string }>> = {
  '7.0': { name: 'redisson-tomcat-7', since: '3.0.0' },
  '8.5': { name: 'redisson-tomcat-8', since: '3.0.0' },
  '9.0': { name: 'redisson-tomcat-9', since: '3.6.0' },
  '10.1': { name: 'redisson-tomcat-10', since: '3.18.0' },
  '11.0': { name: 'redisson-tomcat-11', since: '3.38.0' },
}

/** null for a Tomcat that sessctl does not write for. */
export const redissonModule = (tomcat: Version): { name: string; since: string } | null => {
  const line = lineOf(tomcat)
  return line === null ? null : modules[line]
}

/** Login and TLS moved to the root of the file in 4.0; nested they only work with a complaint. */
export const hasRootLogin = (release: Version): boolean => atLeast(release, '4.0.0')

/** Whether Tomcat can start while Redis is away; with Redis Cluster it was broken for a while. */
export const canBeLazy = (release: Version, mode: string): boolean =>
  atLeast(release, '3.23.0') &&
  (mode !== 'cluster' || !atLeast(release, '3.27.0') || atLeast(release, '3.38.0'))
