import * as z from 'zod'
import * as p from './primitives.ts'

const redis = z.strictObject({
  kind: z.literal('redis'),
  mode: z.enum(['single', 'sentinel', 'cluster']).default('single'),
  addresses: z.array(p.serverAddress).min(1),
  master: p.upstreamName.optional().describe('sentinel: the name of the master'),
  username: p.text.optional(),
  password: p.secret.optional(),
  tls: z.boolean().default(false),
  database: z.number().int().min(0).max(1000).default(0),
})

const memcached = z.strictObject({
  kind: z.literal('memcached'),
  servers: z.record(p.routeName, p.serverAddress),
})

const jdbc = z.strictObject({
  kind: z.literal('jdbc'),
  driver: z.string().regex(/^[A-Za-z_][A-Za-z0-9_.$]*$/, 'must be a Java class name'),
  url: z.string().regex(/^jdbc:[^\p{Cc}\p{Cs} "'<>&]+$/u, 'must start with "jdbc:"'),
  username: p.text.optional(),
  password: p.secret.optional(),
})

export const stores = z
  .record(p.upstreamName, z.discriminatedUnion('kind', [redis, memcached, jdbc]))
  .describe('shared session stores, referred to by name')
