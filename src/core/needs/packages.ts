import type { DjangoApp, PhpApp, SpringApp } from '../model/app.ts'
import { atLeast } from '../model/version.ts'
import { driverOf } from './drivers.ts'

const boot = 'org.springframework.boot'
const session = 'org.springframework.session'

/** Without versions: Spring Boot manages them. */
export const springDependencies = ({ version, sessions }: SpringApp): readonly string[] => {
  if (sessions.store === 'none') return []
  const { use } = sessions
  if (use === null) return []
  const kind = use.kind === 'redis' ? 'data-redis' : 'jdbc'
  const driver = use.kind === 'jdbc' ? driverOf(use.driver) : null
  const drivers = driver === null ? [] : [driver.split(':').slice(0, 2).join(':')]
  return atLeast(version, '4.0.0')
    ? [`${boot}:spring-boot-starter-session-${kind}`, ...drivers]
    : [`${session}:spring-session-${kind}`, `${boot}:spring-boot-starter-${kind}`, ...drivers]
}

/** Extensions of PHP by the names that `php -m` lists. */
export const phpExtensions = ({ sessions }: PhpApp): readonly string[] => {
  switch (sessions.store) {
    case 'none':
    case 'files':
      return []
    case 'redis':
    case 'rediscluster':
      return ['redis']
    default:
      return [sessions.store]
  }
}

/** Packages by their names in pip. */
export const pythonPackages = ({ sessions }: DjangoApp): readonly string[] => {
  if (sessions.store !== 'cache' && sessions.store !== 'cached_db') return []
  if (sessions.use === null) return []
  return [sessions.use.kind === 'redis' ? 'redis' : 'pymemcache']
}
