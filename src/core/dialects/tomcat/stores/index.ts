import { atValue, type Diagnostic } from '../../../diagnostics/diagnostic.ts'
import { report } from '../codes.ts'
import type { Instance } from '../instance.ts'
import { fileStore } from './file.ts'
import { jdbcStore } from './jdbc.ts'
import { localStore } from './local.ts'
import { memcachedStore } from './memcached.ts'
import { noParts, type StoreParts } from './parts.ts'
import { redissonStore } from './redisson.ts'
import { type ReplicationPorts, replicatedStore } from './replicated.ts'
import { tomcatRedisStore } from './tomcat-redis.ts'
import { lackingIn } from './versions.ts'

const partsOf = (instance: Instance, ports: ReplicationPorts): StoreParts => {
  const { app, upstream } = instance
  const { sessions } = app
  switch (sessions.store) {
    case 'none':
      return noParts
    case 'local':
      return localStore(app)
    case 'file':
      return fileStore(app, sessions, upstream.affinity)
    case 'jdbc':
      return jdbcStore(app, sessions, upstream.affinity)
    case 'delta':
    case 'backup':
      return replicatedStore(instance, sessions, ports)
    case 'redisson':
      return redissonStore(instance, sessions)
    case 'memcached':
      return memcachedStore(instance, sessions)
    case 'tomcat-redis':
      return tomcatRedisStore(instance, sessions)
  }
}

/** Reasons why this Tomcat cannot have this store at all. */
const versionProblems = ({ app }: Instance): readonly Diagnostic[] =>
  lackingIn(app).map(({ key, message, help }) =>
    report('tomcat-store-version', atValue([...app.sessions.path, key]), message, help),
  )

/** What the session store of one Tomcat adds to its configuration. */
export const storeOf = (instance: Instance, ports: ReplicationPorts): StoreParts => {
  const problems = versionProblems(instance)
  return problems.length > 0 ? { ...noParts, diagnostics: problems } : partsOf(instance, ports)
}
