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

const shared = z
  .boolean()
  .default(false)
  .describe('several servers use the same sessions: adds the PersistentValve')

const tomcatSessions = z.discriminatedUnion('store', [
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
      .default('REDIS')
      .describe('REDIS reads every attribute from Redis, MEMORY keeps a copy'),
    updateMode: z
      .enum(['DEFAULT', 'AFTER_REQUEST'])
      .default('DEFAULT')
      .describe('DEFAULT writes what setAttribute is told, AFTER_REQUEST all after each request'),
    keyPrefix: p.zoneName.optional().describe('keeps applications on one Redis apart'),
  }),
  z.strictObject({
    store: z.literal('memcached').describe('memcached-session-manager'),
    use,
    sticky: z.boolean().default(true).describe('false: any server may answer any request'),
    lockingMode: z
      .union([z.enum(['none', 'all', 'auto']), p.text])
      .optional()
      .describe('none, all, auto or uriPattern:REGEX'),
    transcoder: z
      .enum(['java', 'kryo', 'javolution', 'xstream', 'flexjson'])
      .optional()
      .describe('how sessions become bytes'),
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

const context = z
  .string()
  .regex(/^\/[A-Za-z0-9_./-]{0,128}$/, 'must be a context path such as "/" or "/shop"')
  .describe('writes a context file of its own for this path instead of conf/context.xml')

export const tomcatBase = {
  base: p.filePath.optional().describe('an existing server.xml, edited in place'),
  contextBase: p.filePath.optional().describe('an existing context.xml, edited in place'),
}

const tomcat = z.strictObject({
  runtime: z.literal('tomcat').describe('Apache Tomcat'),
  version: p.appVersion.describe('the Tomcat release, in quotes: "9.0.122"'),
  context: context.optional(),
  cookie: appCookie.optional().describe('attributes of the session cookie'),
  tomcat: z
    .strictObject(tomcatBase)
    .optional()
    .describe('existing files to edit, for every server that names none'),
  sessions: tomcatSessions.default({ store: 'local' }).describe('where session data lives'),
})

const redisOr = <const Names extends readonly [string, ...string[]]>(names: Names) =>
  z.strictObject({ store: z.enum(names).describe('where session data lives'), use: use.optional() })

const spring = z.strictObject({
  runtime: z.literal('spring').describe('Spring Boot'),
  version: p.appVersion.describe('the Spring Boot release, in quotes: "3.5"'),
  sessions: z
    .strictObject({ store: z.literal('spring-session').describe('Spring Session'), use })
    .optional()
    .describe('where session data lives'),
})

const php = z.strictObject({
  runtime: z.literal('php').describe('PHP'),
  version: p.appVersion.describe('the release, in quotes'),
  sessions: redisOr(['files', 'redis', 'rediscluster', 'memcached', 'memcache'])
    .optional()
    .describe('where session data lives'),
})

const django = z.strictObject({
  runtime: z.literal('django').describe('Django'),
  version: p.appVersion.describe('the release, in quotes'),
  sessions: redisOr(['db', 'cache', 'cached_db', 'file', 'signed_cookies'])
    .optional()
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
