import * as z from 'zod'
import * as p from './primitives.ts'

const use = p.upstreamName.describe('the name of an entry of `stores`')

const cluster = {
  membership: z
    .enum(['static', 'static-service', 'multicast', 'dns', 'kubernetes'])
    .default('static')
    .describe('how the servers find each other'),
  port: p.port.default(4000).describe('port for replication'),
  encryptionKey: p.secret.optional().describe('hex key of the EncryptInterceptor'),
}

const keyPrefix = p.zoneName
  .optional()
  .describe('begins the keys of the sessions, so that applications can share a store')

const shared = z
  .boolean()
  .default(false)
  .describe('several servers use the same sessions: adds the PersistentValve')

const without = z.strictObject({
  store: z.literal('none').describe('the application has no sessions: any server may answer'),
})

const tomcatSessions = z.discriminatedUnion('store', [
  without,
  z.strictObject({ store: z.literal('local').describe('in each server only') }),
  z.strictObject({
    store: z.literal('file').describe('PersistentManager and files'),
    directory: p.filePath.describe('where the session files lie'),
    sharedBetweenServers: shared,
  }),
  z.strictObject({
    store: z.literal('jdbc').describe('PersistentManager and a database'),
    use,
    sharedBetweenServers: shared,
  }),
  z.strictObject({
    store: z.literal('delta').describe('DeltaManager: every server has every session'),
    ...cluster,
  }),
  z.strictObject({
    store: z.literal('backup').describe('BackupManager: one other server has a copy'),
    ...cluster,
  }),
  z.strictObject({
    store: z.literal('redisson').describe('Redisson in Redis'),
    use,
    readMode: z
      .enum(['REDIS', 'MEMORY'])
      .optional()
      .describe('REDIS reads every attribute from Redis (so do new files), MEMORY keeps a copy'),
    updateMode: z
      .enum(['DEFAULT', 'AFTER_REQUEST'])
      .optional()
      .describe(
        'DEFAULT writes an attribute when setAttribute is called (also used for new files), AFTER_REQUEST writes all attributes after each request',
      ),
    keyPrefix,
    version: p.appVersion.optional().describe('the release of Redisson, in quotes: "3.39.0"'),
  }),
  z.strictObject({
    store: z.literal('memcached').describe('memcached-session-manager'),
    use,
    sticky: z.boolean().default(true).describe('false: any server may answer any request'),
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
      .describe('sticky: false only: which requests wait for each other'),
    transcoder: z
      .enum(['java', 'kryo', 'javolution', 'xstream', 'flexjson'])
      .default('java')
      .describe('how sessions become bytes'),
    keyPrefix,
  }),
  z.strictObject({
    store: z.literal('tomcat-redis').describe('tomcat-redis-session-manager (Tomcat 7)'),
    use,
  }),
])

const appCookie = z.strictObject({
  name: p.cookieName.optional().describe('name of the session cookie'),
  path: p.cookiePath.optional().describe('Path attribute of the session cookie'),
  domain: p.cookieDomain.optional().describe('Domain attribute of the session cookie'),
  sameSite: p.sameSite.optional().describe('SameSite attribute of the session cookie'),
  httpOnly: z.boolean().optional().describe('hides the session cookie from scripts'),
})

const context = p
  .matching({
    most: 129,
    pattern: /^\/[A-Za-z0-9_./-]*$/,
    form: 'a context path of "/" and letters, digits, "_", ".", "/" or "-", such as "/" or "/shop"',
  })
  .describe('writes a context file of its own for this path instead of conf/context.xml')

export const tomcatBase = {
  base: p.readPath.optional().describe('an existing server.xml, edited in place'),
  contextBase: p.readPath.optional().describe('an existing context.xml, edited in place'),
}

const tomcat = z.strictObject({
  runtime: z.literal('tomcat').describe('Apache Tomcat'),
  version: p.appVersion.describe('the Tomcat release, in quotes: "9.0.122"'),
  context: context.optional(),
  cookie: appCookie.optional().describe('attributes of the session cookie'),
  webapp: p.readPath
    .optional()
    .describe(
      'the application, checked for what replication asks of it: its WEB-INF/web.xml, its unpacked folder or its .war',
    ),
  tomcat: z
    .strictObject(tomcatBase)
    .optional()
    .describe('existing files to edit, for every server that names none'),
  sessions: tomcatSessions.default({ store: 'local' }).describe('where session data lives'),
})

const inStore = <const Name extends string>(name: Name, description: string) =>
  z.strictObject({ store: z.literal(name).describe(description), use, keyPrefix })

const inFiles = <const Name extends string>(name: Name) =>
  z.strictObject({
    store: z.literal(name).describe('files of each server, or of a folder that all share'),
    directory: p.filePath.optional().describe('where the session files lie'),
  })

const plain = <const Name extends string>(name: Name, description: string) =>
  z.strictObject({ store: z.literal(name).describe(description) })

const spring = z.strictObject({
  runtime: z.literal('spring').describe('Spring Boot'),
  version: p.appVersion.describe('the Spring Boot release, in quotes: "3.5"'),
  sessions: z
    .discriminatedUnion('store', [inStore('spring-session', 'Spring Session'), without])
    .describe('where session data lives'),
})

const locking = z.boolean().default(true).describe('parallel requests wait for each other')

const php = z.strictObject({
  runtime: z.literal('php').describe('PHP'),
  version: p.appVersion.describe('the PHP release, in quotes: "8.2"'),
  sessions: z
    .discriminatedUnion('store', [
      inFiles('files'),
      inStore('redis', 'the redis extension').extend({ locking }),
      inStore('rediscluster', 'the redis extension, Redis Cluster').extend({ locking }),
      inStore('memcached', 'the memcached extension').extend({ locking }),
      inStore('memcache', 'the memcache extension').extend({ locking }),
      without,
    ])
    .default({ store: 'files' })
    .describe('where session data lives'),
})

const django = z.strictObject({
  runtime: z.literal('django').describe('Django'),
  version: p.appVersion.describe('the Django release, in quotes: "4.2"'),
  sessions: z
    .discriminatedUnion('store', [
      plain('db', 'the database of the application'),
      inStore('cache', 'a cache'),
      inStore('cached_db', 'the database, read through a cache'),
      inFiles('file'),
      plain('signed_cookies', 'the browser: signed, and readable there'),
      without,
    ])
    .default({ store: 'db' })
    .describe('where session data lives'),
})

export const app = z
  .discriminatedUnion('runtime', [
    z.strictObject({ runtime: z.literal('none').describe('nothing that sessctl writes for') }),
    tomcat,
    spring,
    php,
    django,
  ])
  .describe('the application servers behind the upstream')
