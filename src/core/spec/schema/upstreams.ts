import * as z from 'zod'
import { affinity } from './affinity.ts'
import { app, tomcatBase } from './app.ts'
import * as p from './primitives.ts'

const serverDetails = z.strictObject({
  address: p.serverAddress.describe('host:port, [ipv6]:port or unix:/path'),
  route: p.routeName
    .optional()
    .describe(
      'the id that names this server in session ids; the key when left out, or what follows from it',
    ),
  weight: z.number().int().min(1).max(256).default(1).describe('share of new sessions'),
  maxFails: z
    .number()
    .int()
    .min(0)
    .max(1000000)
    .optional()
    .describe('failures within failTimeout that put the server aside; 0 never does'),
  failTimeout: p.duration
    .optional()
    .describe('how long failures count, and how long the server is then left alone'),
  maxConns: z
    .number()
    .int()
    .min(0)
    .max(1000000)
    .optional()
    .describe('connections at most; 0: any number'),
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
      shutdownPort: z
        .union([p.port, z.literal(-1)])
        .optional()
        .describe('port of the SHUTDOWN command; 8005 when left out, -1: none'),
      httpPort: p.port
        .optional()
        .describe('port of the HTTP connector; that of the address when left out'),
      ajpPort: p.port.optional().describe('port of the AJP connector, which stays commented out'),
      ...tomcatBase,
    })
    .optional()
    .describe('what this Tomcat needs beside its address'),
})

const balance = z.union([
  z.enum(['round_robin', 'least_conn', 'random']),
  z.strictObject({
    hash: p.text.describe('text with nginx variables, such as $request_uri'),
    consistent: z
      .boolean()
      .default(false)
      .describe('ketama: fewer sessions move when servers change'),
  }),
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
    .optional()
    .describe('what counts as a failure; error and timeout when left out'),
  tries: z.number().int().min(0).max(1000).optional().describe('servers tried at most; 0: all'),
  timeout: p.duration.optional().describe('time for all tries together'),
})

const check = z.strictObject({
  interval: p.duration.default('3s').describe('time between two checks'),
  rise: z
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(2)
    .describe('good checks that bring a server back'),
  fall: z.number().int().min(1).max(1000).default(5).describe('bad checks that take a server out'),
  uri: p
    .matching({
      most: 1024,
      pattern: /^\/[^ "'\\]*$/u,
      form: 'a path that starts with "/", without spaces, quotes or backslashes, such as /health',
    })
    .optional()
    .describe('asks for this path; a connection is enough when left out'),
})

export const upstreams = z.record(
  p.upstreamName,
  z.strictObject({
    balance: balance.default('round_robin').describe('who gets a request without a session'),
    affinity: affinity.optional(),
    zone: p.size.optional().describe('shared memory for the state of the servers'),
    keepalive: z
      .number()
      .int()
      .min(0)
      .max(65535)
      .optional()
      .describe('idle connections kept per worker'),
    nextUpstream: nextUpstream.optional().describe('when another server is tried'),
    check: check.optional().describe('active health checks, where the target has them'),
    servers: z
      .record(p.serverName, z.union([p.serverAddress, serverDetails]))
      .describe(
        'the key names the server, and is its route; the order is the order in the configuration',
      ),
    app: app.optional(),
  }),
)
