import { knownSessionCookie } from './session-cookie.ts'

/**
 * What the value of an nginx variable depends on. Hash keys are written in nginx variables for every proxy.
 * - `client`: the same in every request of one client;
 * - `site`: the same for all clients of one host;
 * - `page`: depends on the requested page;
 * - `same`: the same for all clients;
 * - `request`, `connection`, `time`: different for each of these;
 * - `response`: has no value when a server is selected;
 * - `issued`: set by the server in an earlier response, so the first request has no value;
 * - `hops`: written by the client and by every proxy on the way.
 */
export type VariableKind =
  | 'client'
  | 'site'
  | 'page'
  | 'same'
  | 'request'
  | 'connection'
  | 'time'
  | 'response'
  | 'issued'
  | 'hops'

/** Each name once; families such as `$cookie_NAME` are below. */
const names: Readonly<Record<VariableKind, string>> = {
  client: `ancient_browser binary_remote_addr geoip_city geoip_country_code geoip_country_name
    modern_browser msie proxy_protocol_addr realip_remote_addr remote_addr remote_user ssl_alpn_protocol
    ssl_cipher ssl_ciphers ssl_client_cert ssl_client_escaped_cert ssl_client_fingerprint
    ssl_client_i_dn ssl_client_i_dn_legacy ssl_client_raw_cert ssl_client_s_dn
    ssl_client_s_dn_legacy ssl_client_serial ssl_client_v_end ssl_client_v_start ssl_curve
    ssl_curves ssl_protocol ssl_sigalg`,
  site: 'host http_host is_request_port request_port server_name ssl_server_name',
  page: `args content_length content_type document_uri fastcgi_path_info fastcgi_script_name
    invalid_referer is_args memcached_key query_string request request_body request_filename
    request_method request_uri secure_link secure_link_expires slice_range uri`,
  same: `angie_version document_root hostname http2 http3 limit_rate nginx_version proxy_host
    proxy_internal_chunked proxy_port proxy_protocol_server_addr proxy_protocol_server_port
    realpath_root scheme server_addr server_port server_protocol ssl_client_verify`,
  request: `body_bytes_sent bytes_received bytes_sent connection_requests limit_conn_status
    limit_req_status pipe proxy_internal_body_length request_body_file request_completion request_id
    request_length uid_reset uid_set`,
  connection: `connection pid proxy_protocol_port realip_remote_port remote_port session_log_id
    ssl_early_data ssl_session_id ssl_session_reused tcpinfo_rcv_space tcpinfo_rtt tcpinfo_rttvar
    tcpinfo_snd_cwnd`,
  time: `connection_time day hour hour12 minute month second unix_time year year2 connections_active connections_reading connections_waiting
    connections_writing date_gmt date_local msec request_time ssl_client_v_remain time_iso8601
    time_local`,
  response: 'gzip_ratio status',
  issued: 'http_cookie jvm_route jvm_route_status uid_got',
  hops: 'proxy_add_x_forwarded_for',
}

const kinds: ReadonlyMap<string, VariableKind> = new Map(
  Object.entries(names).flatMap(([kind, list]) =>
    list.split(/\s+/).map((name) => [name, kind as VariableKind] as const),
  ),
)

/** Names of ids and tokens that servers create for a client. */
const issuedName = /sess|token|ticket|(?:^|[_-])(?:sid|phpsessid|aspxauth)(?:$|[_-])/

const isIssued = (name: string): boolean =>
  issuedName.test(name) || knownSessionCookie(name) !== null

const hopHeaders =
  /^(?:x_forwarded|x_real_ip$|x_client_ip$|x_cluster_client_ip$|x_original_|forwarded|via$|cf_|true_client_ip$|fastly_|client_ip$|x_envoy_|x_azure_|x_appengine_|cdn_|x_proxyuser_ip$|x_remote_)/

/** Different for each request: trace ids and headers that describe the message. */
const requestHeaders =
  /(?:^|_)(?:request_id|correlation_id|trace_?id|trace_context|traceparent|tracestate)$|^x_b3_|^x_amzn_trace|^(?:accept|range|date|referer|content_.*|if_.*|expect|origin|sec_fetch_.*|sec_websocket_key|idempotency_key|cache_control|pragma)$/

const headerKind = (name: string): VariableKind => {
  if (requestHeaders.test(name)) return 'request'
  if (hopHeaders.test(name)) return 'hops'
  return isIssued(name) ? 'issued' : 'client'
}

const families: readonly (readonly [prefix: string, kindOf: (rest: string) => VariableKind])[] = [
  ['sent_', () => 'response'],
  // NGINX Plus: claims of the token of a client, and the spans of a trace.
  ['jwt_', () => 'client'],
  ['otel_', () => 'request'],
  ['upstream_', () => 'response'],
  ['cookie_', (rest) => (isIssued(rest) ? 'issued' : 'client')],
  ['arg_', (rest) => (isIssued(rest) ? 'issued' : 'client')],
  ['http_', headerKind],
]

/** The kind of a variable by its name without `$`; null: not a variable of nginx. */
export const kindOfVariable = (name: string): VariableKind | null => {
  const lower = name.toLowerCase()
  const kind = kinds.get(lower)
  if (kind !== undefined) return kind
  const family = families.find(([prefix]) => lower.startsWith(prefix))
  return family === undefined ? null : family[1](lower.slice(family[0].length))
}

const changing: ReadonlySet<VariableKind | null> = new Set([
  'request',
  'connection',
  'time',
  'response',
])

/** Whether a key with such a variable differs between two requests of one client. */
export const isChanging = (kind: VariableKind | null): boolean => changing.has(kind)

/** A reference to a variable, as nginx reads it. */
export const variableReference = /\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))/g

/** The names of the variables in a text, as written, without `$`. */
export const variablesIn = (text: string): readonly string[] =>
  [...text.matchAll(variableReference)].map(([, braced, bare]) => braced ?? bare ?? '')

/** The userid module sets `uid_set` in the first response and reads `uid_got` afterwards: together they are constant. */
const useridKind = (name: string, all: ReadonlySet<string>): VariableKind | null => {
  if (name === 'uid_got') return all.has('uid_set') ? 'client' : 'issued'
  if (name === 'uid_set') return all.has('uid_got') ? 'client' : 'request'
  return null
}

/** The variables of a key with their kinds; null: defined in another file. */
export const kindsInKey = (
  key: string,
): readonly { readonly name: string; readonly kind: VariableKind | null }[] => {
  const written = variablesIn(key)
  const all = new Set(written.map((name) => name.toLowerCase()))
  return written.map((name) => ({
    name,
    kind: useridKind(name.toLowerCase(), all) ?? kindOfVariable(name),
  }))
}
