import * as z from 'zod'
import * as p from './primitives.ts'

const common = {
  onFailure: z
    .enum(['rebalance', 'strict'])
    .default('rebalance')
    .describe('the pinned server cannot answer: choose another one, or refuse'),
  via: z
    .enum(['auto', 'module', 'native', 'maps'])
    .default('auto')
    .describe('forces one way of writing it for nginx'),
}

const none = z.strictObject({
  method: z.literal('none').describe('no affinity: every request is balanced'),
})

const ipHash = z.strictObject({
  method: z.literal('ip_hash').describe('by the client address'),
  ...common,
})

const hash = z.strictObject({
  method: z.literal('hash').describe('by a hash of the key'),
  key: p.text.describe('text with nginx variables, such as $request_uri'),
  consistent: z
    .boolean()
    .default(false)
    .describe('ketama: fewer sessions move when servers change'),
  ...common,
})

const jvmRoute = z.strictObject({
  method: z.literal('jvm_route').describe('by the route in the session id'),
  cookie: p.cookieName.optional().describe('the session cookie (JSESSIONID for Tomcat)'),
  url: p.parameterName
    .optional()
    .describe('the session parameter in URLs; the cookie in lower case when left out'),
  reverse: z
    .boolean()
    .default(true)
    .describe('true: the route ends the session id (Tomcat); false: it begins it (Resin)'),
  mode: z
    .enum(['prefix'])
    .optional()
    .describe('HAProxy: `cookie … prefix` instead of `use-server`'),
  ...common,
})

const stickyCookie = z.strictObject({
  method: z.literal('sticky').describe('by a cookie, a variable, or what was learnt'),
  by: z.literal('cookie').describe('an affinity cookie that the proxy sets'),
  cookie: p.cookieName.default('srv_id').describe('the affinity cookie'),
  expires: z
    .union([p.durationOrMax, z.literal('max')])
    .optional()
    .describe('a session cookie when left out'),
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
    .describe('HAProxy, Tengine: hide the cookie from the application'),
  nocache: z.boolean().default(true).describe('HAProxy: forbid caches to keep the cookie'),
  ...common,
})

const stickyRoute = z.strictObject({
  method: z.literal('sticky').describe('by a cookie, a variable, or what was learnt'),
  by: z.literal('route').describe('a route that the request carries'),
  from: z
    .array(p.variable)
    .min(1)
    .describe('variables that hold the route; the first that is not empty counts'),
  ...common,
})

const stickyLearn = z.strictObject({
  method: z.literal('sticky').describe('by a cookie, a variable, or what was learnt'),
  by: z.literal('learn').describe('the proxy remembers which server made which session'),
  create: z
    .union([p.variable, z.array(p.variable).min(1)])
    .describe('where a new session id is found in the response'),
  lookup: z
    .union([p.variable, z.array(p.variable).min(1)])
    .describe('where a session id is found in the request'),
  zone: p.size.default('1m').describe('shared memory for the table'),
  timeout: p.duration.default('1h').describe('forgets a session this long after its last use'),
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
  .describe('the policy: the same session goes to the same server')
