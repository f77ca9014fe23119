/** Lines of which each one counts; of all others, a later one replaces an earlier one. */
const lists: ReadonlySet<string> = new Set([
  ...['acl', 'bind', 'block', 'capture', 'compression', 'declare', 'default-server', 'email-alert'],
  ...['errorfiles', 'filter', 'force-be-switch', 'force-persist', 'http-after-response'],
  ...[
    'http-check',
    'http-error',
    'http-request',
    'http-response',
    'ignore-persist',
    'log',
    'monitor',
  ],
  ...['quic-initial', 'redirect', 'server', 'server-template', 'stats', 'stick', 'tcp-check'],
  ...['tcp-request', 'tcp-response', 'use-fcgi-app', 'use-server', 'use_backend'],
])

/** Lists that a section begins again: its own lines replace all that it inherits. */
export const beginsAgain = (name: string): boolean => name === 'http-check' || name === 'tcp-check'

/** Keywords whose first argument names the setting. */
const named = /^(?:errorfile|errorloc(?:30[23])?|option|persist|rate-limit|timeout)$/

/** Settings of which a proxy has one at most, although they have several names. */
const alternatives: readonly (readonly [group: string, keys: RegExp])[] = [
  [
    'health check',
    /^option (?:httpchk|ldap-check|mysql-check|pgsql-check|redis-check|smtpchk|spop-check|ssl-hello-chk|tcp-check|external-check)$/,
  ],
  [
    'connection mode',
    /^option (?:httpclose|forceclose|http-server-close|http-keep-alive|http-tunnel)$/,
  ],
  ['log format', /^(?:option (?:httplog|httpslog|tcplog)|log-format)$/],
]

const written = (name: string, args: readonly string[]): string =>
  named.test(name) ? `${name} ${args[0] ?? ''}` : name

/** What a line sets; two lines with one key replace each other. Null: each such line counts. */
export const haproxyKey = (name: string, args: readonly string[]): string | null => {
  if (lists.has(name)) return null
  const [first = ''] = args
  const key = written(name, args)
  // "errorloc" and "errorfile" set the same answer.
  if (/^error(?:file|loc)/.test(name)) return `error ${first}`
  return alternatives.find(([, keys]) => keys.test(key))?.[0] ?? key
}

/** Settings of `defaults` that a frontend alone has (manual of HAProxy, section 4.1). */
const ofFrontends =
  /^(?:backlog|default_backend|maxconn|monitor-uri|log-format.*|error-log-format|unique-id-.*|rate-limit .*|timeout client.*|clitcpka-.*|option (?:accept-(?:invalid|unsafe)-.*request|clitcpka|contstats|dontlog-normal|dontlognull|http-ignore-probes|http-use-proxy-header|httplog|httpslog|tcplog|log-separate-errors|logasap|socket-stats|tcp-smart-accept))$/

/** Settings of `defaults` that a backend alone has. */
const ofBackends =
  /^(?:balance|cookie|default-server|dynamic-cookie-key|fullconn|hash-.*|http-check|http-reuse|http-send-name-header|load-server-state-from-file|max-keep-alive-queue|max-session-srv-conns|persist .*|retries|retry-on|source|srvtcpka-.*|tcp-check|external-check|timeout (?:check|connect|queue|server.*|tunnel)|option (?:abortonclose|allbackups|checkcache|external-check|httpchk|ldap-check|log-health-checks|mysql-check|persist|pgsql-check|prefer-last-server|accept-(?:invalid|unsafe)-.*response|redis-check|redispatch|smtpchk|spop-check|srvtcpka|ssl-hello-chk|tcp-check|tcp-smart-connect|transparent))$/

/** Whether a setting of `defaults` applies to a proxy of this kind. */
export const isInherited = (keyword: string, name: string, args: readonly string[]): boolean => {
  const key = written(name, args)
  if (keyword === 'frontend') return !ofBackends.test(key)
  return keyword !== 'backend' || !ofFrontends.test(key)
}
