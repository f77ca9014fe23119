import * as z from 'zod'
import { appCookie, lifetime } from './app-cookie.ts'
import * as p from './primitives.ts'

const use = p.upstreamName.describe('name of an entry of `stores`')

const cluster = {
  membership: z
    .enum(['static', 'static-service', 'multicast', 'dns', 'kubernetes'])
    .default('static')
    .describe('how the Tomcat servers discover each other'),
  port: p.port.default(4000).describe('TCP port for replication'),
  encryptionKey: p.secret.optional().describe('key of the EncryptInterceptor, in hexadecimal'),
}

export type Membership = z.output<typeof cluster.membership>

const keyPrefix = p.zoneName
  .optional()
  .describe('prefix of the session keys: several applications can share a store')

const shared = z
  .boolean()
  .default(false)
  .describe('servers share the sessions of this store: adds the PersistentValve')

const without = z.strictObject({
  store: z.literal('none').describe('no sessions: any server can answer any request'),
})

const tomcatSessions = z.discriminatedUnion('store', [
  without,
  z.strictObject({
    store: z.literal('local').describe('in the memory of each server'),
    ...lifetime,
  }),
  z.strictObject({
    store: z.literal('file').describe('PersistentManager with files'),
    directory: p.filePath.describe('folder of the session files'),
    sharedBetweenServers: shared,
    ...lifetime,
  }),
  z.strictObject({
    store: z.literal('jdbc').describe('PersistentManager with a database'),
    use,
    sharedBetweenServers: shared,
    ...lifetime,
  }),
  z.strictObject({
    store: z.literal('delta').describe('DeltaManager: every server has every session'),
    ...cluster,
    ...lifetime,
  }),
  z.strictObject({
    store: z
      .literal('backup')
      .describe('BackupManager: one other server has a copy of each session'),
    ...cluster,
    ...lifetime,
  }),
  z.strictObject({
    store: z.literal('redisson').describe('Redisson in Redis'),
    use,
    readMode: z
      .enum(['REDIS', 'MEMORY'])
      .optional()
      .describe(
        'REDIS (used for new files): attributes are read from Redis; MEMORY: Tomcat keeps a copy in memory',
      ),
    updateMode: z
      .enum(['DEFAULT', 'AFTER_REQUEST'])
      .optional()
      .describe(
        'DEFAULT (used for new files): setAttribute writes the attribute; AFTER_REQUEST: all attributes are written after each request',
      ),
    keyPrefix,
    version: p.appVersion.optional().describe('the release of Redisson, in quotes: "3.39.0"'),
    broadcastSessionEvents: z
      .boolean()
      .default(false)
      .describe(
        'the session listeners of all servers are called for each new and each ended session',
      ),
    ...lifetime,
  }),
  z.strictObject({
    store: z.literal('memcached').describe('memcached-session-manager'),
    use,
    sticky: z.boolean().default(true).describe('false: any server can answer any request'),
    lockingMode: z
      .union([
        z.enum(['none', 'all', 'auto']),
        p.matching({
          most: 8192,
          pattern: /^uriPattern:./,
          form: 'none, all, auto or "uriPattern:REGEX"',
        }),
      ])
      .optional()
      .describe(
        'which parallel requests of a session wait for each other; only with sticky: false',
      ),
    transcoder: z
      .enum(['java', 'kryo', 'javolution', 'xstream', 'flexjson'])
      .default('java')
      .describe('serialization of sessions'),
    keyPrefix,
    ...lifetime,
  }),
  z.strictObject({
    store: z.literal('tomcat-redis').describe('tomcat-redis-session-manager (Tomcat 7)'),
    use,
    ...lifetime,
  }),
])

type TomcatSessions = z.output<typeof tomcatSessions>
type Redisson = Extract<TomcatSessions, { store: 'redisson' }>
export type ReadMode = NonNullable<Redisson['readMode']>
export type UpdateMode = NonNullable<Redisson['updateMode']>
export type Transcoder = Extract<TomcatSessions, { store: 'memcached' }>['transcoder']

const context = p
  .matching({
    most: 129,
    pattern: /^\/[A-Za-z0-9_./-]*$/,
    form: 'a context path of "/" and letters, digits, "_", ".", "/" or "-", such as "/" or "/shop"',
  })
  .describe(
    'context path: writes a separate context file for this path instead of conf/context.xml',
  )

export const tomcatBase = {
  base: p.readPath.optional().describe('an existing server.xml, edited in place'),
  contextBase: p.readPath.optional().describe('an existing context.xml, edited in place'),
}

const tomcat = z.strictObject({
  runtime: z.literal('tomcat').describe('Apache Tomcat'),
  version: p.appVersion.describe('the Tomcat release, in quotes: "9.0.122"'),
  context: context.optional(),
  cookie: appCookie,
  webapp: p.readPath
    .optional()
    .describe(
      'the application, checked for the requirements of replication: its WEB-INF/web.xml, unpacked folder or .war',
    ),
  tomcat: z
    .strictObject(tomcatBase)
    .optional()
    .describe('existing files to edit; for all servers that do not set their own'),
  sessions: tomcatSessions.default({ store: 'local' }).describe('where session data is stored'),
})

const namespace = {
  namespace: p
    .matching({
      most: 128,
      pattern: /^[\x21-\x7e]+$/,
      form: 'printable ASCII characters without spaces, such as "shop:spring:session"',
    })
    .optional()
    .describe(
      'the beginning of all session keys, exactly as in an existing store; instead of keyPrefix',
    ),
}

const inStore = <const Name extends string>(name: Name, description: string) =>
  z.strictObject({ store: z.literal(name).describe(description), use, keyPrefix, ...lifetime })

const inFiles = <const Name extends string>(name: Name) =>
  z.strictObject({
    store: z
      .literal(name)
      .describe('files, in a local folder or in a folder that all servers share'),
    directory: p.filePath.optional().describe('folder of the session files'),
    ...lifetime,
  })

const plain = <const Name extends string>(name: Name, description: string) =>
  z.strictObject({ store: z.literal(name).describe(description), ...lifetime })

const spring = z.strictObject({
  runtime: z.literal('spring').describe('Spring Boot'),
  version: p.appVersion.describe('the Spring Boot release, in quotes: "3.5"'),
  cookie: appCookie,
  sessions: z
    .discriminatedUnion('store', [
      inStore('spring-session', 'Spring Session').extend(namespace),
      without,
    ])
    .describe('where session data is stored'),
})

const locking = z
  .boolean()
  .default(true)
  .describe('parallel requests of a session wait for each other')

const php = z.strictObject({
  runtime: z.literal('php').describe('PHP'),
  version: p.appVersion.describe('the PHP release, in quotes: "8.2"'),
  cookie: appCookie,
  sessions: z
    .discriminatedUnion('store', [
      inFiles('files'),
      inStore('redis', 'the redis extension').extend({ locking, ...namespace }),
      inStore('rediscluster', 'the redis extension, Redis Cluster').extend({
        locking,
        ...namespace,
      }),
      inStore('memcached', 'the memcached extension').extend({ locking, ...namespace }),
      inStore('memcache', 'the memcache extension').extend({ locking, ...namespace }),
      without,
    ])
    .default({ store: 'files' })
    .describe('where session data is stored'),
})

const django = z.strictObject({
  runtime: z.literal('django').describe('Django'),
  version: p.appVersion.describe('the Django release, in quotes: "4.2"'),
  cookie: appCookie,
  sessions: z
    .discriminatedUnion('store', [
      plain('db', 'the database of the application'),
      inStore('cache', 'the cache'),
      inStore('cached_db', 'the database, with a cache for reading'),
      inFiles('file'),
      plain('signed_cookies', 'a signed cookie in the browser; the client can read its content'),
      without,
    ])
    .default({ store: 'db' })
    .describe('where session data is stored'),
})

export const app = z
  .discriminatedUnion('runtime', [
    z.strictObject({
      runtime: z.literal('none').describe('another runtime; sessctl generates nothing for it'),
    }),
    tomcat,
    spring,
    php,
    django,
  ])
  .describe('the application that runs on the servers of the upstream')
