import * as z from 'zod'
import * as p from './primitives.ts'

const common = {
  onFailure: z
    .enum(['rebalance', 'strict'])
    .default('rebalance')
    .describe(
      'when the server of the session fails: use another server (rebalance), or answer with an error (strict)',
    ),
  via: z
    .enum(['auto', 'module', 'native', 'maps'])
    .default('auto')
    .describe('how nginx implements the affinity: a module, a built-in directive, or maps'),
}

export type OnFailure = z.output<typeof common.onFailure>
export type Via = z.output<typeof common.via>

const none = z.strictObject({
  method: z.literal('none').describe('no affinity: every request is balanced over all servers'),
})

const ipHash = z.strictObject({
  method: z.literal('ip_hash').describe('affinity by the client address'),
  ...common,
})

const hash = z.strictObject({
  method: z.literal('hash').describe('affinity by a hash of "key"'),
  key: p.text.describe('text with nginx variables, such as $request_uri'),
  consistent: z
    .boolean()
    .default(false)
    .describe('consistent hashing (ketama): fewer sessions move when servers change'),
  ...common,
})

const jvmRoute = z.strictObject({
  method: z.literal('jvm_route').describe('affinity by the route in the session id'),
  cookie: p.cookieName.optional().describe('the session cookie (JSESSIONID for Tomcat)'),
  url: p.parameterName
    .optional()
    .describe('the session parameter in URLs; default: the name of the cookie in lower case'),
  reverse: z
    .boolean()
    .default(true)
    .describe(
      'true: the session id ends with the route (Tomcat); false: it starts with the route (Resin)',
    ),
  mode: z
    .enum(['prefix'])
    .optional()
    .describe('HAProxy: use `cookie … prefix` instead of `use-server`'),
  ...common,
})

const stickyCookie = z.strictObject({
  method: z.literal('sticky').describe('affinity by a cookie, a variable or a learned table'),
  by: z.literal('cookie').describe('an affinity cookie that the proxy sets'),
  cookie: p.cookieName.default('srv_id').describe('the affinity cookie'),
  expires: z
    .union([p.durationOrMax, z.literal('max')])
    .optional()
    .describe('lifetime of the affinity cookie; default: until the browser closes'),
  domain: p.cookieDomain.optional().describe('Domain attribute of the affinity cookie'),
  path: p.cookiePath.default('/').describe('Path attribute of the affinity cookie'),
  httpOnly: z.boolean().default(false).describe('hides the affinity cookie from scripts'),
  secure: z.boolean().default(false).describe('sends the affinity cookie over HTTPS only'),
  sameSite: p.sameSite.optional().describe('SameSite attribute of the affinity cookie'),
  mode: z
    .enum(['insert', 'prefix', 'rewrite'])
    .default('insert')
    .describe('HAProxy, Tengine: how the cookie is set'),
  indirect: z
    .boolean()
    .default(true)
    .describe('HAProxy, Tengine: remove the cookie from requests to the application'),
  nocache: z
    .boolean()
    .default(true)
    .describe('HAProxy: forbid caches to store responses that set the cookie'),
  ...common,
})

const stickyRoute = z.strictObject({
  method: z.literal('sticky').describe('affinity by a cookie, a variable or a learned table'),
  by: z.literal('route').describe('a route in the request'),
  from: z
    .array(p.variable)
    .min(1)
    .describe('variables with the route; the first variable that is not empty is used'),
  ...common,
})

const stickyLearn = z.strictObject({
  method: z.literal('sticky').describe('affinity by a cookie, a variable or a learned table'),
  by: z.literal('learn').describe('the proxy stores which server created which session'),
  create: z
    .union([p.variable, z.array(p.variable).min(1)])
    .describe('variables with a new session id in the response'),
  lookup: z
    .union([p.variable, z.array(p.variable).min(1)])
    .describe('variables with the session id in the request'),
  zone: p.size.default('1m').describe('size of the session table in shared memory'),
  timeout: p.duration
    .default('1h')
    .describe('time after the last request after which a session is removed from the table'),
  ...common,
})

export const affinity = z
  .discriminatedUnion('method', [
    none,
    ipHash,
    hash,
    jvmRoute,
    z.discriminatedUnion('by', [stickyCookie, stickyRoute, stickyLearn]),
  ])
  .describe('the policy that sends all requests of a session to the same server')
