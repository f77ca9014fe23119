import * as z from 'zod'
import * as p from './primitives.ts'

const redisTls = z.strictObject({
  ca: p.filePath
    .optional()
    .describe(
      'file with the certificates of the authorities that the server is verified with: PEM; for Redisson a Java keystore (.jks)',
    ),
  serverName: p.serverName
    .optional()
    .describe('name in the certificate of the server; default: the host of its address'),
  certificate: p.filePath
    .optional()
    .describe('PEM file with the client certificate and its private key'),
})

const redis = z.strictObject({
  kind: z.literal('redis').describe('Redis or Valkey'),
  mode: z
    .enum(['single', 'sentinel', 'cluster'])
    .default('single')
    .describe('how Redis is deployed'),
  addresses: z
    .array(p.serverAddress)
    .min(1)
    .describe('address of the server, of the sentinels, or of some cluster nodes'),
  master: p.upstreamName.optional().describe('name of the master in Sentinel'),
  username: p.text.optional().describe('login name'),
  password: p.secret.optional().describe('{ env: NAME } or { file: path }'),
  sentinelPassword: p.secret
    .optional()
    .describe('password of the sentinels: { env: NAME } or { file: path }'),
  tls: z
    .union([z.boolean(), redisTls])
    .default(false)
    .describe('connect with TLS; true: with the authorities of the host'),
  database: z.number().int().min(0).max(1000).default(0).describe('number of the Redis database'),
  eviction: z
    .enum([
      'noeviction',
      'volatile-ttl',
      'volatile-lru',
      'volatile-lfu',
      'volatile-random',
      'allkeys-lru',
      'allkeys-lfu',
      'allkeys-random',
    ])
    .optional()
    .describe('the maxmemory-policy of Redis: which keys are removed when the memory is full'),
})

export type RedisMode = z.output<typeof redis>['mode']
/** `maxmemory-policy` of Redis. */
export type Eviction = NonNullable<z.output<typeof redis>['eviction']>

const memcached = z.strictObject({
  kind: z.literal('memcached').describe('memcached'),
  servers: z
    .record(p.routeName, p.serverAddress)
    .describe('address of each memcached server, by its id'),
})

const jdbc = z.strictObject({
  kind: z.literal('jdbc').describe('a database'),
  driver: p
    .matching({
      most: 256,
      pattern: /^[A-Za-z_][A-Za-z0-9_.$]*$/,
      form: 'a Java class name with its package, such as org.postgresql.Driver',
    })
    .describe('class of the JDBC driver'),
  url: p
    .matching({
      most: 8192,
      pattern: /^jdbc:[A-Za-z]/,
      form: 'a URL that starts with "jdbc:" and the name of a driver, such as jdbc:postgresql://db.internal/sessions',
    })
    .describe('JDBC URL of the database'),
  username: p.text.optional().describe('login name'),
  password: p.secret.optional().describe('{ env: NAME } or { file: path }'),
})

export const stores = z
  .record(p.upstreamName, z.discriminatedUnion('kind', [redis, memcached, jdbc]))
  .describe('shared session stores, by name')
