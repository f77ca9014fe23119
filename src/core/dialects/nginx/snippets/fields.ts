import type { SnippetLevel } from '../../../model/snippet.ts'

/** Fields of the spec, by the directives that they write; `a|b`: one of two fields. */
const fields: readonly (readonly [directives: RegExp, field: string])[] = [
  [/^listen$/, 'listen'],
  [/^server_name$/, 'serverNames'],
  [/^(access_log|log_format)$/, 'accessLog'],
  [/^(set_real_ip_from|real_ip_header|real_ip_recursive)$/, 'clientAddress'],
  [/^proxy_set_header$/, 'headers'],
  [
    /^ssl_(certificate(_key)?|protocols|ciphers|prefer_server_ciphers|session_cache|session_timeout|buffer_size|stapling|verify_client|client_certificate)$/,
    'tls',
  ],
  [/^http2$/, 'http2'],
  [/^add_header$/, 'responseHeaders'],
  [/^(proxy_redirect|proxy_cookie_path)$/, 'upstreamPath'],
  [/^root$/, 'root'],
  [/^alias$/, 'alias'],
  [/^index$/, 'index'],
  [/^try_files$/, 'tryFiles'],
  [/^expires$/, 'expires'],
  [/^autoindex$/, 'listing'],
  [/^charset$/, 'charset'],
  [/^(allow|deny)$/, 'allow|deny'],
  [/^auth_basic(_user_file)?$/, 'basicAuth'],
  [/^(stub_status|check_status|api)$/, 'status'],
  [/^proxy_next_upstream/, 'nextUpstream'],
  [/^keepalive$/, 'keepalive'],
  [/^zone$/, 'zone'],
  [/^(check|health_check)(_|$)/, 'check'],
  [/^client_max_body_size$/, 'maxBodySize'],
  [/^(proxy|fastcgi|uwsgi)_((request_)?buffering|buffer_size|buffers)$/, 'buffering'],
  [/^gzip(_types)?$/, 'compression'],
  [/^((proxy_(connect|read|send))|client_(header|body)|send|keepalive)_timeout$/, 'timeouts'],
  [/^return$/, 'redirect|respond'],
  [/^limit_(req|conn)(_zone|_status)?$/, 'limits'],
  [/^error_page$/, 'errorPages'],
  [/^(proxy|fastcgi|uwsgi)_intercept_errors$/, 'interceptErrors'],
  [/^userid/, 'affinity'],
]

/** Timeouts of clients that have a field of frontends only. */
const ofClients = /^(client_header|send|keepalive)_timeout$/

/** The field for a directive; null: there is none. */
export const fieldOf = (directive: string, level: SnippetLevel): string | null =>
  level === 'location' && ofClients.test(directive)
    ? null
    : (fields.find(([names]) => names.test(directive))?.[1] ?? null)

export const fieldsWithDirectives: readonly string[] = fields.flatMap(([, field]) =>
  field.split('|'),
)
