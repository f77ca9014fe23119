import { type ReleaseLine, releaseLineOf } from '../dialects/tomcat/release.ts'
import { redissonModule, redissonRelease } from '../dialects/tomcat/stores/redisson-release.ts'
import type { TomcatApp } from '../model/app.ts'
import type { MemcachedSessions } from '../model/sessions.ts'
import { driverOf } from './drivers.ts'

const msm = 'de.javakaffee.msm'

const memcachedLines: Readonly<Partial<Record<ReleaseLine, string>>> = {
  '7.0': 'tc7',
  '8.5': 'tc8',
  '9.0': 'tc9',
}

/** Not the versions that it was built with: their kryo-serializers fails on Java 9 and later. */
const kryo = [
  `${msm}:msm-kryo-serializer:2.3.2`,
  'com.esotericsoftware:kryo:4.0.2',
  'de.javakaffee:kryo-serializers:0.45',
  'com.esotericsoftware:reflectasm:1.11.3',
  'com.esotericsoftware:minlog:1.3.0',
  'org.objenesis:objenesis:2.5.1',
  'org.ow2.asm:asm:5.0.4',
]

const transcoders: Readonly<Record<MemcachedSessions['transcoder'], readonly string[]>> = {
  java: [],
  kryo,
  javolution: [],
  xstream: [`${msm}:msm-xstream-serializer:2.3.2`],
  flexjson: [`${msm}:msm-flexjson-serializer:2.3.2`],
}

const memcachedJars = (
  line: ReleaseLine,
  { use, transcoder }: MemcachedSessions,
): readonly string[] => {
  const module = memcachedLines[line]
  if (module === undefined) return []
  const client =
    use?.kind === 'redis'
      ? ['redis.clients:jedis:2.9.0', 'org.apache.commons:commons-pool2:2.4.2']
      : ['net.spy:spymemcached:2.12.3']
  return [
    `${msm}:memcached-session-manager:2.3.2`,
    `${msm}:memcached-session-manager-${module}:2.3.2`,
    ...client,
    ...transcoders[transcoder],
  ]
}

/** Coordinates of the jars that the session store of a Tomcat needs in its `lib`. */
export const jarsOf = ({ version, sessions }: TomcatApp): readonly string[] => {
  const line = releaseLineOf(version)
  if (line === null) return []
  switch (sessions.store) {
    case 'redisson': {
      const release = redissonRelease(sessions).text
      const module = redissonModule(version)?.name ?? ''
      return [`org.redisson:redisson-all:${release}`, `org.redisson:${module}:${release}`]
    }
    case 'memcached':
      return memcachedJars(line, sessions)
    case 'tomcat-redis':
      return [
        'com.bluejeans:tomcat-redis-session-manager:2.0.0',
        'redis.clients:jedis:2.5.2',
        'org.apache.commons:commons-pool2:2.2',
      ]
    case 'jdbc': {
      const driver = sessions.use === null ? null : driverOf(sessions.use.driver)
      return driver === null ? [] : [driver]
    }
    default:
      return []
  }
}
