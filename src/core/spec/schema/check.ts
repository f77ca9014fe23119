import * as z from 'zod'
import * as p from './primitives.ts'

const count = z.number().int().min(1).max(1000)

const status = z.number().int().min(100).max(599)

const statuses = p.matching({
  most: 7,
  pattern: /^[1-5]\d\d-[1-5]\d\d$/,
  form: 'a range of status codes, such as "200-399"',
})

const expected = z
  .strictObject({
    status: z
      .array(z.union([status, statuses]))
      .min(1)
      .optional()
      .describe('status codes and ranges that pass, such as [200, "301-308"]; default: "200-399"'),
    text: p.text.optional().describe('text that the body must contain'),
  })
  .optional()
  .describe('the answer with which a check passes')

/** The text needs no escape in the languages of the proxies. */
const headerText = p.matching({
  most: 256,
  pattern: /^(?! )[ !#&-[\]-~]+(?<! )$/,
  form: 'ASCII characters without quotes, backslashes, "$" and "%"',
})

/** The defaults are those of HAProxy, which checks every server without this field, too. */
export const check = z.strictObject({
  interval: p.duration.default('2s').describe('time between two health checks'),
  downInterval: p.duration
    .optional()
    .describe('time between two checks of a server that is down, or about to change its state'),
  rise: count.default(2).describe('number of passed checks after which a server is used again'),
  fall: count.default(3).describe('number of failed checks after which a server is not used'),
  uri: p
    .matching({
      most: 1024,
      pattern: /^\/[^ "'\\]*$/u,
      form: 'a path that starts with "/", without spaces, quotes or backslashes, such as /health',
    })
    .optional()
    .describe('path of an HTTP check; default: a TCP connection'),
  method: z.enum(['GET', 'HEAD', 'OPTIONS']).default('GET').describe('method of an HTTP check'),
  host: p.serverName
    .optional()
    .describe('Host header of an HTTP check; default: the first server name of the frontend'),
  headers: z
    .record(p.headerName, headerText)
    .refine(
      (headers) => Object.keys(headers).every((name) => name.toLowerCase() !== 'host'),
      'must not set Host: write "host"',
    )
    .optional()
    .describe('further headers of an HTTP check, such as User-Agent'),
  timeout: p.timeout
    .optional()
    .describe(
      'until a check has its answer; default: the interval (HAProxy), 1s (the module upstream_check)',
    ),
  expect: expected,
  port: p.port.optional().describe('port of the checks; default: the port of the server'),
  onDown: z
    .enum(['keep', 'close'])
    .default('keep')
    .describe('connections to a server that is marked down: keep them, or close them at once'),
})

export type CheckMethod = z.output<typeof check>['method']
