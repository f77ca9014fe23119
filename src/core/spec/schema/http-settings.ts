import * as z from 'zod'
import { errorPages, maintenance } from './error-pages.ts'
import { limits } from './limits.ts'
import * as p from './primitives.ts'
import { responseHeaders } from './response-headers.ts'

const toServers = {
  connect: p.timeout.optional().describe('until a connection to a server is established'),
  read: p.timeout
    .optional()
    .describe('until a server begins to answer, and between two parts of its answer; then 504'),
  send: p.timeout.optional().describe('between two parts of a request that a server accepts'),
  tunnel: p.timeout
    .optional()
    .describe('how long an upgraded connection (WebSocket) may be idle in both directions'),
  queue: p.timeout
    .optional()
    .describe('how long a request waits for a server that has reached maxConns; then 503'),
}

const toClients = {
  client: p.timeout
    .optional()
    .describe('until the headers of a request are complete, and between two parts of its body'),
  headers: p.timeout
    .optional()
    .describe('until the headers of a request are complete; default: that of client'),
  keepalive: p.timeout
    .optional()
    .describe('how long an idle connection of a client is kept for its next request'),
  closing: p.timeout
    .optional()
    .describe('HAProxy: how long an upgraded connection that one side has closed is kept'),
}

/** Timeouts of a frontend. Those of its clients, but for bodies, count before a location is selected. */
export const frontendTimeouts = z.strictObject({ ...toServers, ...toClients })

export const locationTimeouts = z.strictObject({
  ...toServers,
  client: p.timeout.optional().describe('between two parts of the body of a request'),
})

/**
 * Fields of a frontend that may also stand in one of its locations, where they replace the value of the
 * frontend. The shape is spread into both objects.
 */
export const httpSettings = {
  errorPages: errorPages
    .optional()
    .describe(
      'pages for errors of the proxy, by status: "502 503 504": { file: /srv/pages/down.html }; a location adds to those of its frontend (docs/error-pages.md)',
    ),
  interceptErrors: z
    .boolean()
    .optional()
    .describe('whether errorPages also replace the answers of applications with these statuses'),
  maintenance: maintenance
    .optional()
    .describe('answer requests with 503 and a page; false in a location that keeps working'),
  responseHeaders: responseHeaders
    .optional()
    .describe('headers of responses, also of errors and redirects'),
  websocket: z
    .boolean()
    .optional()
    .describe(
      'forward WebSocket connections and other upgrades (Upgrade header), except h2c; HAProxy forwards them unless it is false',
    ),
  buffering: z
    .strictObject({
      request: z
        .boolean()
        .optional()
        .describe('read the whole request before it is sent to a server; nginx default: true'),
      response: z
        .boolean()
        .optional()
        .describe(
          'read answers as fast as the server sends them; false for server-sent events. nginx default: true',
        ),
      responseHeaders: p.headerSize
        .optional()
        .describe(
          'the largest headers of an answer that must fit, such as 16k for many cookies; nginx default: one memory page, 4k',
        ),
    })
    .optional()
    .describe('what the proxy stores of requests and answers'),
  compression: z
    .union([
      z.boolean(),
      z.strictObject({
        types: z.array(p.mediaType).min(1).max(40).describe('media types that are compressed'),
      }),
    ])
    .optional()
    .describe('compress answers with gzip that are not compressed yet; default: false'),
  limits: limits
    .optional()
    .describe(
      'how much one client may request (nginx, HAProxy); other requests are rejected. A location with limits has counters of its own; false: no limits',
    ),
  maxBodySize: p.bodySize
    .optional()
    .describe(
      'the largest request body, such as 20m; larger requests get 413. Default: that of the target (nginx 1m, others unlimited)',
    ),
}
