import * as z from 'zod'
import * as p from './primitives.ts'

const tls = z.strictObject({
  certificate: p.filePath.describe('PEM file with the certificate chain'),
  key: p.filePath.describe('PEM file with the private key'),
})

const listener = z.union([
  p.port,
  p.listenAddress,
  z.strictObject({
    address: z
      .union([p.port, p.listenAddress])
      .describe('a port, "address:port", "[ipv6]:port" or "unix:/path"'),
    tls: tls.optional().describe('listens for HTTPS'),
  }),
])

const location = z.strictObject({
  match: p.text.describe('as in nginx: a prefix, or "= path", "^~ prefix", "~ regex", "~* regex"'),
  upstream: p.upstreamName.optional().describe('the upstream that answers'),
  status: p.upstreamName
    .optional()
    .describe('shows the state of this upstream instead of proxying'),
  root: p.folderPath.optional().describe('directory for files, with index'),
  index: z.array(p.text).min(1).optional().describe('files tried for a folder, below root'),
  allow: z
    .array(z.union([p.network, z.literal('all')]))
    .min(1)
    .optional()
    .describe(
      'who may ask; everybody else is refused. A status, when left out: 127.0.0.0/8 and ::1',
    ),
})

const accessLog = z.strictObject({
  path: p.logPath.optional().describe('the file, for nginx and httpd; /dev/stdout for HAProxy too'),
  syslog: p.serverAddress
    .optional()
    .describe('a syslog server or socket, for nginx and HAProxy: host:port or unix:/path'),
  format: z
    .enum(['text', 'json'])
    .default('text')
    .describe('one line a request, or one JSON object'),
})

export const frontends = z.record(
  p.upstreamName,
  z.strictObject({
    listen: z.array(listener).min(1).describe('ports or addresses to listen on'),
    serverNames: z
      .array(p.text)
      .min(1)
      .optional()
      .describe('host names, others are refused; all, when left out'),
    clientAddress: z
      .strictObject({
        trust: z.array(p.network).min(1).describe('proxies in front that are believed'),
        header: p.headerName
          .default('X-Forwarded-For')
          .describe('the header with the client address'),
      })
      .optional()
      .describe('what stands in front: a CDN, squid, another balancer'),
    headers: z.record(p.headerName, p.text).optional().describe('added to the proxied request'),
    accessLog: accessLog
      .optional()
      .describe('a log of requests: who served them, which route their session asked for'),
    locations: z.array(location).min(1).describe('what happens to which paths'),
  }),
)
