import type { RedissonSessions } from '../../../model/sessions.ts'
import { atLeast, parseVersion, type Version } from '../../../model/version.ts'
import { type ReleaseLine, releaseLineOf } from '../release.ts'

/** Supports every line: the module for Tomcat 11 was added in 3.38. */
const defaultRelease = '3.39.0'

export const redissonRelease = ({ version }: RedissonSessions): Version =>
  version ?? parseVersion(defaultRelease)

/** The module for each line of Tomcat, and the first release that works with it. */
const modules: Readonly<Record<ReleaseLine, { readonly name: string; readonly since: string }>> = {
  '7.0': { name: 'redisson-tomcat-7', since: '3.0.0' },
  '8.5': { name: 'redisson-tomcat-8', since: '3.0.0' },
  '9.0': { name: 'redisson-tomcat-9', since: '3.6.0' },
  '10.1': { name: 'redisson-tomcat-10', since: '3.18.0' },
  '11.0': { name: 'redisson-tomcat-11', since: '3.38.0' },
}

/** null: an unsupported Tomcat. */
export const redissonModule = (tomcat: Version): { name: string; since: string } | null => {
  const line = releaseLineOf(tomcat)
  return line === null ? null : modules[line]
}

/** Since 4.0 login and TLS are set at the root of the file; nested they are deprecated. */
export const hasRootLogin = (release: Version): boolean => atLeast(release, '4.0.0')

/** Whether Tomcat can start without Redis (lazyInitialization): broken for Redis Cluster in 3.27 to 3.37. */
export const canBeLazy = (release: Version, mode: string): boolean =>
  atLeast(release, '3.23.0') &&
  (mode !== 'cluster' || !atLeast(release, '3.27.0') || atLeast(release, '3.38.0'))
