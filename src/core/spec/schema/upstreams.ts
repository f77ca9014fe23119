import * as z from 'zod'
import { affinity } from './affinity.ts'
import { app, tomcatBase } from './app.ts'
import { check } from './check.ts'
import * as p from './primitives.ts'
import { protocol, serverTls } from './server-tls.ts'
import { upstreamSnippets } from './snippets.ts'

const serverDetails = z.strictObject({
  address: p.serverAddress.describe('host:port, [ipv6]:port or unix:/path'),
  resolve: z
    .boolean()
    .default(false)
    .describe(
      'look up the host name of the address while the proxy runs, and use all its addresses',
    ),
  maxAddresses: z
    .number()
    .int()
    .min(1)
    .max(1000)
    .optional()
    .describe(
      'with resolve: how many addresses the name has at most; 1: one server, whose address can change; default: 10',
    ),
  route: p.routeName
    .optional()
    .describe(
      'the id of this server in session ids; default: the name of the server, shortened to a valid route if necessary',
    ),
  weight: z.number().int().min(1).max(256).default(1).describe('relative share of new sessions'),
  maxFails: z
    .number()
    .int()
    .min(0)
    .max(1000000)
    .optional()
    .describe(
      'failures within failTimeout after which the server is considered unavailable; 0: never',
    ),
  failTimeout: p.duration
    .optional()
    .describe(
      'time in which failures are counted, and time for which the server is then considered unavailable',
    ),
  maxConns: z
    .number()
    .int()
    .min(0)
    .max(1000000)
    .optional()
    .describe('maximum number of connections; 0: unlimited'),
  minConns: z
    .number()
    .int()
    .min(1)
    .max(1000000)
    .optional()
    .describe('HAProxy: maximum number of connections while the upstream is idle; needs maxConns'),
  maxBusy: z
    .number()
    .int()
    .min(0)
    .max(1000000)
    .optional()
    .describe('jvm_route module: maximum number of active requests over all workers'),
  state: z
    .enum(['up', 'drain', 'down', 'backup'])
    .default('up')
    .describe(
      'drain: only requests of existing sessions; down: no requests; backup: only when no other server is available',
    ),
  tomcat: z
    .strictObject({
      shutdownPort: z
        .union([p.port, z.literal(-1)])
        .optional()
        .describe('shutdown port; default: 8005; -1: disabled'),
      httpPort: p.port
        .optional()
        .describe(
          'port of the HTTP connector; default: the port of the address; with protocol: ajp, none',
        ),
      ajpPort: p.port
        .optional()
        .describe(
          'with protocol: ajp, port of the AJP connector; default: the port of the address; else, port of an AJP connector that is written as a comment',
        ),
      ...tomcatBase,
    })
    .optional()
    .describe('ports and existing files of this Tomcat'),
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
    .describe('responses that count as failures; default: error and timeout'),
  tries: z
    .number()
    .int()
    .min(0)
    .max(1000)
    .optional()
    .describe('maximum number of servers tried; 0: unlimited'),
  timeout: p.duration.optional().describe('time limit for all tries together'),
})

const connections = z.strictObject({
  mode: z
    .enum(['keep-alive', 'server-close', 'close'])
    .optional()
    .describe(
      'after a response: keep both connections, close that to the server, or close both; default: keep-alive',
    ),
  reuse: z
    .enum(['never', 'safe', 'aggressive', 'always'])
    .optional()
    .describe('when a connection to a server serves requests of several clients; default: safe'),
})

export type ConnectionMode = NonNullable<z.output<typeof connections>['mode']>
export type ConnectionReuse = NonNullable<z.output<typeof connections>['reuse']>

export const upstreams = z.record(
  p.upstreamName,
  z.strictObject({
    balance: balance.default('round_robin').describe('how requests without a session are balanced'),
    affinity: affinity.optional(),
    zone: p.size.optional().describe('size of the shared memory for the state of the servers'),
    protocol,
    tls: serverTls,
    ajpSecret: p.secret
      .optional()
      .describe('secret of the AJP Connector, { env: NAME }; with protocol: ajp'),
    documentRoot: p.folderPath
      .optional()
      .describe('folder of the scripts on the servers; with protocol: fastcgi'),
    keepalive: z
      .number()
      .int()
      .min(0)
      .max(65535)
      .optional()
      .describe('idle connections to the servers that each worker keeps open'),
    fullConns: z
      .number()
      .int()
      .min(1)
      .max(1000000)
      .optional()
      .describe(
        'HAProxy: connections to the upstream at which each server gets its maxConns; below, from minConns on',
      ),
    connections: connections.optional().describe('HAProxy: how connections are kept and reused'),
    nextUpstream: nextUpstream.optional().describe('when a request is passed to another server'),
    check: check.optional().describe('active health checks, if the target supports them'),
    servers: z
      .record(p.serverName, z.union([p.serverAddress, serverDetails]))
      .describe(
        'the servers by name; the name is also the route; the order is kept in the configuration',
      ),
    app: app.optional(),
    snippets: upstreamSnippets,
  }),
)
