/** Fields of the spec, by the directives that they write; names in lower case. */
const fields: readonly (readonly [directives: RegExp, field: string])[] = [
  [/^(servername|serveralias)\b/, 'serverNames'],
  [/^(customlog|logformat|transferlog)\b/, 'accessLog'],
  [/^remoteip/, 'clientAddress'],
  [/^requestheader\b/, 'headers'],
  [/^adddefaultcharset\b/, 'charset'],
  [/^header\b/, 'responseHeaders'],
  [
    /^ssl(engine|certificate(key)?file|protocol|ciphersuite|honorcipherorder|sessioncache(timeout)?|usestapling|staplingcache|verifyclient|cacertificatefile)\b/,
    'tls',
  ],
  [/^protocols\b/, 'http2'],
  [/^documentroot\b/, 'root'],
  [/^alias(match)?\b/, 'alias'],
  [/^directoryindex\b/, 'index'],
  [/^expires(active|default)\b/, 'expires'],
  [/^auth(type|name|basicprovider|userfile)\b/, 'basicAuth'],
  [/^require (ip|all|host|local)\b/, 'allow'],
  [/^(proxytimeout|timeout|keepalivetimeout|requestreadtimeout)\b/, 'timeouts'],
  [/^redirect/, 'redirect'],
  [/^errordocument\b/, 'errorPages'],
  [/^proxyerroroverride\b/, 'interceptErrors'],
  [/^limitrequestbody\b/, 'maxBodySize'],
  [/^sethandler server-status\b/, 'status'],
]

/** The field for a directive; null: there is none. */
export const fieldOf = (directive: string): string | null =>
  fields.find(([directives]) => directives.test(directive))?.[1] ?? null

export const fieldsWithDirectives: readonly string[] = fields.map(([, field]) => field)
