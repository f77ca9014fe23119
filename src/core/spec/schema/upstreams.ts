import * as z from 'zod'
import { affinity } from './affinity.ts'
import { app, tomcatBase } from './app.ts'
import * as p from './primitives.ts'

const serverDetails = z.strictObject({
  address: p.serverAddress,
  route: p.routeName.optional().describe('the id that names this server; the key when left out'),
  weight: z.number().int().min(1).max(256).default(1),
  maxFails: z.number().int().min(0).max(1000000).optional(),
  failTimeout: p.duration.optional(),
  maxConns: z.number().int().min(0).max(1000000).optional(),
  maxBusy: z
    .number()
    .int()
    .min(0)
    .max(1000000)
    .optional()
    .describe('jvm_route module: active requests over all workers'),
  state: z
    .enum(['up', 'drain', 'down', 'backup'])
    .default('up')
    .describe('drain: keeps its sessions, takes no new ones; backup: only when the others cannot'),
  tomcat: z
    .strictObject({
      shutdownPort: z.union([p.port, z.literal(-1)]).optional(),
      httpPort: p.port.optional(),
      ajpPort: p.port.optional(),
      ...tomcatBase,
    })
    .optional(),
})

const balance = z.union([
  z.enum(['round_robin', 'least_conn', 'random']),
  z.strictObject({ hash: p.text, consistent: z.boolean().default(false) }),
])

const nextUpstream = z.strictObject({
  on: z
    .array(
      z.enum([
        'error',
        'timeout',
        'invalid_header',
        'http_500',
        'http_502',
        'http_503',
        'http_504',
        'http_403',
        'http_404',
        'http_429',
        'non_idempotent',
        'off',
      ]),
    )
    .min(1)
    .optional(),
  tries: z.number().int().min(0).max(1000).optional(),
  timeout: p.duration.optional(),
})

const check = z.strictObject({
  interval: p.duration.default('3s'),
  rise: z.number().int().min(1).max(1000).default(2),
  fall: z.number().int().min(1).max(1000).default(5),
  uri: z
    .string()
    .regex(/^\/[^\p{Cc}\p{Cs} "'\\]{0,1023}$/u, 'must be a path such as /health')
    .optional(),
})

export const upstreams = z.record(
  p.upstreamName,
  z.strictObject({
    balance: balance.default('round_robin'),
    affinity: affinity.optional(),
    zone: p.size.optional().describe('shared memory for the state of the servers'),
    keepalive: z
      .number()
      .int()
      .min(0)
      .max(65535)
      .optional()
      .describe('idle connections kept per worker'),
    nextUpstream: nextUpstream.optional(),
    check: check.optional().describe('active health checks, where the target has them'),
    servers: z
      .record(p.routeName, z.union([p.serverAddress, serverDetails]))
      .describe('the key is the route; the order is the order in the configuration'),
    app: app.optional(),
  }),
)
