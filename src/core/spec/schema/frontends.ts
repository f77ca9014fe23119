import * as z from 'zod'
import { accessLogFields } from '../../model/access-log-fields.ts'
import { redirect, redirectToHttps, respond } from './answers.ts'
import { frontendTimeouts, httpSettings, locationTimeouts } from './http-settings.ts'
import * as p from './primitives.ts'
import { hsts } from './response-headers.ts'
import { frontendSnippets, locationSnippets } from './snippets.ts'
import { listenerTls, tlsSettings } from './tls.ts'

const listener = z.union([
  p.port,
  p.listenAddress,
  z.strictObject({
    address: z
      .union([p.port, p.listenAddress])
      .describe('a port, "address:port", "[ipv6]:port" or "unix:/path"'),
    tls: listenerTls.optional().describe('accepts HTTPS connections'),
    proxyProtocol: z
      .boolean()
      .default(false)
      .describe(
        'connections begin with a header of the PROXY protocol, which contains the client address; clientAddress.trust lists the proxies that send it',
      ),
  }),
])

const headers = z.record(p.headerName, p.text).optional()

const realm = p.matching({
  most: 64,
  pattern: /^[A-Za-z0-9][A-Za-z0-9 .,:_-]*$/,
  form: 'letters, digits, spaces and ".,:_-"',
})

/** A file that the proxy reads, such as one of htpasswd. */
const basicAuth = z.union([
  p.filePath,
  z.strictObject({
    file: p.filePath.describe('the password file'),
    realm: realm.optional().describe('what the browser shows; default: Restricted'),
  }),
])

const charset = p.matching({
  most: 40,
  pattern: /^(?!(?:on|off)$)[A-Za-z0-9][A-Za-z0-9._:-]*$/i,
  form: 'the name of an encoding, such as utf-8',
})

const triedFile = p.matching({
  most: 255,
  pattern: /^(?:\{request\.path\}[A-Za-z0-9._-]+|\/(?!.*\.\.)[A-Za-z0-9._~/-]*)$/,
  form: '"{request.path}" with a suffix, such as "{request.path}.html", or a path such as /app/index.html, of letters, digits and "._~/-"',
})

const location = z.strictObject({
  match: z
    .union([p.text, z.array(p.text).min(1).max(64)])
    .describe(
      'nginx syntax: a prefix, or "= path", "^~ prefix", "~ regex", "~* regex"; a list for several with the same settings',
    ),
  upstream: p.upstreamName.optional().describe('the upstream that requests are proxied to'),
  upstreamPath: p.mappedPath
    .optional()
    .describe(
      'the path that replaces the prefix of "match" in requests to the servers; redirects and cookie paths are changed back',
    ),
  status: p.upstreamName.optional().describe('show the state of this upstream instead of proxying'),
  redirect: redirect.optional().describe('redirect requests instead of proxying them'),
  respond: respond.optional().describe('answer requests with a fixed response'),
  root: p.folderPath
    .optional()
    .describe('folder of static files, in which the whole path of the request is looked for'),
  alias: p.folderPath
    .optional()
    .describe(
      'folder of static files, in which the path of the request without the match is looked for; the match is a prefix such as /images/',
    ),
  index: z.array(p.text).min(1).optional().describe('index files of folders below root or alias'),
  tryFiles: z
    .array(triedFile)
    .min(1)
    .max(16)
    .optional()
    .describe(
      'what is served if the path of the request is neither a file nor a folder below root, in this order; a path such as /app/index.html, which is last, is the answer to all other requests, else they get 404',
    ),
  expires: p.lifetime
    .optional()
    .describe(
      'how long browsers and caches may use a file below root or alias without asking again (Cache-Control: max-age, Expires)',
    ),
  listing: z
    .boolean()
    .optional()
    .describe('list the files of a folder that has no index file; default: false'),
  charset: charset
    .optional()
    .describe('encoding of text files, such as utf-8: charset in Content-Type'),
  allow: z
    .array(z.union([p.network, z.literal('all')]))
    .min(1)
    .optional()
    .describe(
      'clients with access; other clients are rejected. Default of a status page: 127.0.0.0/8 and ::1',
    ),
  deny: z
    .array(z.union([p.network, z.literal('all')]))
    .min(1)
    .optional()
    .describe(
      'clients without access, also where "allow" has them; [all] alone rejects every request of the location with 403',
    ),
  basicAuth: basicAuth
    .optional()
    .describe(
      'password file on the host of the proxy, with a line "user:hash" for each user (htpasswd, openssl passwd -6); clients need "allow" and a password. nginx, httpd',
    ),
  headers: headers.describe(
    'headers for requests of this location, in addition to those of the frontend and instead of those of the same name',
  ),
  ...httpSettings,
  timeouts: locationTimeouts.optional().describe('timeouts of the servers, for this location'),
  snippets: locationSnippets,
})

const accessLog = z.strictObject({
  path: p.logPath
    .optional()
    .describe('the log file (nginx, httpd; HAProxy supports /dev/stdout only)'),
  syslog: p.serverAddress
    .optional()
    .describe('a syslog server or socket (nginx, HAProxy): host:port or unix:/path'),
  format: z
    .enum(['text', 'json'])
    .default('text')
    .describe('one text line or one JSON object per request'),
  fields: z
    .array(z.enum(accessLogFields))
    .min(1)
    .refine((fields) => new Set(fields).size === fields.length, 'must not name a field twice')
    .optional()
    .describe(
      'what is logged of a request, in this order (docs/access-log.md); default: a line with the request, its status and its server',
    ),
})

export const frontends = z.record(
  p.upstreamName,
  z.strictObject({
    listen: z.array(listener).min(1).describe('ports or addresses to listen on'),
    serverNames: z.array(p.text).min(1).optional().describe('accepted host names; default: all'),
    default: z
      .boolean()
      .optional()
      .describe('answer requests for host names that no frontend of the same address has'),
    http2: z
      .boolean()
      .optional()
      .describe('HTTP/2 for HTTPS listeners. Default: that of the target'),
    tls: tlsSettings.optional().describe('TLS of all HTTPS listeners of this frontend'),
    clientAddress: z
      .strictObject({
        trust: z.array(p.network).min(1).describe('trusted proxies'),
        header: p.headerName
          .default('X-Forwarded-For')
          .describe('the header with the client address'),
      })
      .optional()
      .describe('how the client address is found behind a CDN, squid or another load balancer'),
    redirectToHttps: redirectToHttps
      .optional()
      .describe('redirect plain HTTP requests to HTTPS; "except" is for ACME challenges'),
    hsts: hsts
      .optional()
      .describe('Strict-Transport-Security in responses over HTTPS: browsers then use HTTPS only'),
    headers: headers.describe(
      'headers added to the proxied request; values can contain variables such as {client.address} (docs/request-variables.md)',
    ),
    accessLog: accessLog
      .optional()
      .describe('a log of requests, with the server that answered and the route of the session'),
    ...httpSettings,
    timeouts: frontendTimeouts
      .optional()
      .describe('timeouts of clients and servers; default: those of the target'),
    locations: z.array(location).min(1).describe('what is done with requests, by path'),
    snippets: frontendSnippets,
  }),
)
