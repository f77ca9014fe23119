import * as z from 'zod'
import * as p from './primitives.ts'

const use = p.upstreamName.describe('the name of an entry of `stores`')

const cluster = {
  membership: z
    .enum(['static', 'static-service', 'multicast', 'dns', 'kubernetes'])
    .default('static'),
  port: p.port.default(4000),
  encryptionKey: p.secret.optional(),
}

const shared = z
  .boolean()
  .default(false)
  .describe('several servers use the same sessions: adds the PersistentValve')

const tomcatSessions = z.discriminatedUnion('store', [
  z.strictObject({ store: z.literal('local') }),
  z.strictObject({ store: z.literal('file'), directory: p.filePath, sharedBetweenServers: shared }),
  z.strictObject({ store: z.literal('jdbc'), use, sharedBetweenServers: shared }),
  z.strictObject({ store: z.literal('delta'), ...cluster }),
  z.strictObject({ store: z.literal('backup'), ...cluster }),
  z.strictObject({
    store: z.literal('redisson'),
    use,
    readMode: z.enum(['REDIS', 'MEMORY']).default('REDIS'),
    updateMode: z.enum(['DEFAULT', 'AFTER_REQUEST']).default('DEFAULT'),
    keyPrefix: p.zoneName.optional(),
  }),
  z.strictObject({
    store: z.literal('memcached'),
    use,
    sticky: z.boolean().default(true),
    lockingMode: z.union([z.enum(['none', 'all', 'auto']), p.text]).optional(),
    transcoder: z.enum(['java', 'kryo', 'javolution', 'xstream', 'flexjson']).optional(),
  }),
  z.strictObject({ store: z.literal('tomcat-redis'), use }),
])

const appCookie = z.strictObject({
  name: p.cookieName.optional(),
  path: p.cookiePath.optional(),
  domain: p.cookieDomain.optional(),
  sameSite: p.sameSite.optional(),
  httpOnly: z.boolean().optional(),
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
  runtime: z.literal('tomcat'),
  version: p.appVersion.describe('the Tomcat release, in quotes: "9.0.122"'),
  context: context.optional(),
  cookie: appCookie.optional(),
  tomcat: z.strictObject(tomcatBase).optional(),
  sessions: tomcatSessions.default({ store: 'local' }),
})

const redisOr = <const Names extends readonly [string, ...string[]]>(names: Names) =>
  z.strictObject({ store: z.enum(names), use: use.optional() })

const spring = z.strictObject({
  runtime: z.literal('spring'),
  version: p.appVersion.describe('the Spring Boot release, in quotes: "3.5"'),
  sessions: z.strictObject({ store: z.literal('spring-session'), use }).optional(),
})

const php = z.strictObject({
  runtime: z.literal('php'),
  version: p.appVersion,
  sessions: redisOr(['files', 'redis', 'rediscluster', 'memcached', 'memcache']).optional(),
})

const django = z.strictObject({
  runtime: z.literal('django'),
  version: p.appVersion,
  sessions: redisOr(['db', 'cache', 'cached_db', 'file', 'signed_cookies']).optional(),
})

export const app = z
  .discriminatedUnion('runtime', [
    z.strictObject({ runtime: z.literal('none') }),
    tomcat,
    spring,
    php,
    django,
  ])
  .describe('the application servers behind the upstream')
