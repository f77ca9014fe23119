import type { Findings } from '../../../diagnostics/findings.ts'
import type { Instance } from '../instance.ts'
import { isXmlText, type XmlNode } from '../xml/write.ts'
import { jdbcStore } from './jdbc.ts'
import { localStore } from './local.ts'
import { memcachedStore } from './memcached.ts'
import { noParts, type StoreParts } from './parts.ts'
import { fileStore } from './persistent.ts'
import { redissonStore } from './redisson.ts'
import { type ReplicationPorts, replicatedStore } from './replicated.ts'
import { tomcatRedisStore } from './tomcat-redis.ts'
import { reportMissingFeatures } from './versions.ts'

/** Whether XML can represent every value of an element. */
const isWritable = ({ attributes, children }: XmlNode): boolean =>
  attributes.every(([, value]) => isXmlText(value)) && children.every(isWritable)

const partsOf = (instance: Instance, ports: ReplicationPorts, findings: Findings): StoreParts => {
  const { app, upstream } = instance
  const { sessions } = app
  switch (sessions.store) {
    case 'none':
      return noParts
    case 'local':
      return localStore(app)
    case 'file':
      return fileStore(app, sessions, upstream.affinity, findings)
    case 'jdbc':
      return jdbcStore(app, sessions, upstream.affinity, findings)
    case 'delta':
    case 'backup':
      return replicatedStore(instance, sessions, ports, findings)
    case 'redisson':
      return redissonStore(app, sessions, findings)
    case 'memcached':
      return memcachedStore(instance, sessions, findings)
    case 'tomcat-redis':
      return tomcatRedisStore(app, sessions, findings)
  }
}

/** What the session store adds to the configuration of one Tomcat; nothing if it cannot be written. */
export const storePartsOf = (
  instance: Instance,
  ports: ReplicationPorts,
  findings: Findings,
): StoreParts => {
  if (reportMissingFeatures(instance.app, findings)) return noParts
  const parts = partsOf(instance, ports, findings)
  const { cluster, manager, resources, valves } = parts
  const nodes = [cluster, manager, ...resources, ...valves].filter((node) => node !== null)
  return nodes.every(isWritable) ? parts : noParts
}
