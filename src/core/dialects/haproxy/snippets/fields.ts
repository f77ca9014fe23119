/** Fields of the spec, by the lines that they write. */
const fields: readonly (readonly [lines: RegExp, field: string])[] = [
  [/^bind\b/, 'listen'],
  [/^log-format\b/, 'accessLog'],
  [/^ssl-default-bind-(ciphers|options)\b/, 'tls'],
  [/^tune\.ssl\.(cachesize|lifetime|maxrecord)\b/, 'tls'],
  [/^peers\b/, 'peers'],
  [/^fullconn\b/, 'fullConns'],
  [/^http-request (set|add|del)-header\b/, 'headers'],
  [/^(option httpchk|http-check|option .*-check|timeout check)\b/, 'check'],
  [/^(retries|retry-on)\b/, 'nextUpstream'],
  [/^stats (enable|uri)\b/, 'status'],
  [
    /^timeout (connect|server|client|http-request|http-keep-alive|tunnel|queue|client-fin|server-fin)\b/,
    'timeouts',
  ],
  [/^compression (algo|type)\b/, 'compression'],
  [/^(http-request )?redirect\b/, 'redirect'],
  [/^(http-error|errorfiles?|errorloc(302|303)?)\b/, 'errorPages'],
  [/^http-request return\b/, 'respond'],
  [/^http-(response|after-response) (set|add|del)-header\b/, 'responseHeaders'],
  [/^http-request set-src\b/, 'clientAddress'],
]

/** Lines that count the requests or connections of a client, or reject it by these counters. */
const limits =
  /^(http-request|tcp-request (connection|session|content)) (track-sc\d|sc-inc-gpc)|\b(sc\d?|src)_(http_req|conn|gpc\d?|sess)_(rate|cur|cnt)\b/

/** The field for a line; null: there is none. */
export const fieldOf = (line: string): string | null => {
  if (limits.test(line)) return 'limits'
  // Other fields have no conditions.
  return / (if|unless) /.test(line)
    ? null
    : (fields.find(([lines]) => lines.test(line))?.[1] ?? null)
}

export const fieldsWithLines: readonly string[] = [...fields.map(([, field]) => field), 'limits']
