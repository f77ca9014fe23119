import { atValue } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import type { Upstream } from '../../model/cluster.ts'
import { tlsNameOf } from '../../model/server-tls.ts'
import { scriptOfFolder } from '../fastcgi.ts'
import { report } from './codes.ts'
import type { HeaderView } from './forwarded-headers.ts'
import { checkLiteral } from './quote.ts'

/** proxy_ssl_* directives. */
export interface ServerTlsView {
  /** null: servers are not verified. */
  readonly ca: string | null
  readonly name: string | null
  readonly certificate: string | null
}

export const serverTlsView = ({ protocol, servers, tls }: Upstream): ServerTlsView | null => {
  if (protocol !== 'https') return null
  return {
    ca: tls?.verify === true ? tls.ca : null,
    name: tls === null ? null : tlsNameOf(tls, servers),
    certificate: tls?.certificate ?? null,
  }
}

/** Directives of ngx_http_fastcgi_module or ngx_http_uwsgi_module; null: HTTP. */
export interface GatewayView {
  /** The beginning of their names. */
  readonly module: 'fastcgi' | 'uwsgi'
  /** The script of a folder; null: not with uwsgi. */
  readonly index: string | null
  /** `fastcgi_keep_conn` */
  readonly keepsConnections: boolean
  readonly params: readonly {
    readonly name: string
    readonly value: string
    /** Not sent if the value is empty. */
    readonly isOptional: boolean
  }[]
}

/** The beginning of the names of the directives for the servers of an upstream. */
export type ServerModule = 'proxy' | 'fastcgi' | 'uwsgi'

export const serverModule = ({ protocol }: Upstream): ServerModule =>
  protocol === 'fastcgi' || protocol === 'uwsgi' ? protocol : 'proxy'

const common: readonly (readonly [string, string])[] = [
  ['QUERY_STRING', '$query_string'],
  ['REQUEST_METHOD', '$request_method'],
  ['CONTENT_TYPE', '$content_type'],
  ['CONTENT_LENGTH', '$content_length'],
  ['REQUEST_URI', '$request_uri'],
  ['DOCUMENT_URI', '$document_uri'],
  ['SERVER_PROTOCOL', '$server_protocol'],
  ['REMOTE_ADDR', '$remote_addr'],
  ['REMOTE_PORT', '$remote_port'],
  ['SERVER_ADDR', '$server_addr'],
  ['SERVER_PORT', '$server_port'],
  ['SERVER_NAME', '$host'],
]

const ofFastcgi = (root: string): readonly (readonly [string, string])[] => [
  ['GATEWAY_INTERFACE', 'CGI/1.1'],
  ['SERVER_SOFTWARE', 'nginx'],
  ['DOCUMENT_ROOT', root],
  ['SCRIPT_NAME', '$fastcgi_script_name'],
  ['SCRIPT_FILENAME', `${root}$fastcgi_script_name`],
  // PHP built with --enable-force-cgi-redirect needs it.
  ['REDIRECT_STATUS', '200'],
]

/** Programs take HTTP_PROXY for the proxy of their own requests: a client must not be able to set it. */
const noProxy = [['HTTP_PROXY', '']] as const

/** A header as a parameter, which replaces the header of the client. */
const asParameter = ({ name, value }: HeaderView): readonly [string, string] => [
  `HTTP_${name.toUpperCase().replaceAll('-', '_')}`,
  value,
]

export const gatewayView = (
  { protocol, documentRoot, keepalive }: Upstream,
  headers: readonly HeaderView[],
  https: string,
): GatewayView | null => {
  if (protocol !== 'fastcgi' && protocol !== 'uwsgi') return null
  const own =
    protocol === 'fastcgi'
      ? ofFastcgi(documentRoot ?? '')
      : ([['PATH_INFO', '$document_uri']] as const)
  const scheme = headers.find(({ name }) => name === 'X-Forwarded-Proto')?.value ?? '$scheme'
  const forwarded = headers.filter(({ name }) => name !== 'Connection').map(asParameter)
  const params = [...common, ['REQUEST_SCHEME', scheme] as const, ...own, ...noProxy, ...forwarded]
  return {
    module: protocol,
    keepsConnections: protocol === 'fastcgi' && (keepalive ?? 0) > 0,
    index: protocol === 'fastcgi' ? scriptOfFolder : null,
    params: [
      ...params.map(([name, value]) => ({ name, value, isOptional: false })),
      { name: 'HTTPS', value: https, isOptional: true },
    ],
  }
}

export const checkProtocol = (
  { documentRoot, path, protocol, tls }: Upstream,
  label: string,
  findings: Findings,
): void => {
  if (protocol === 'ajp')
    report(
      findings,
      'nginx-protocol',
      atValue([...path, 'protocol']),
      `${label} does not speak AJP`,
      'use protocol: http with the port of the HTTP Connector, or httpd',
    )
  if (documentRoot !== null) checkLiteral(documentRoot, [...path, 'documentRoot'], findings)
  for (const key of ['ca', 'certificate'] as const) {
    const file = tls === null ? null : tls[key]
    if (file !== null) checkLiteral(file, [...path, 'tls', key], findings)
  }
}
