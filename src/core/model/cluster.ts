import type { SpecPath } from '../diagnostics/diagnostic.ts'
import type { Protocol } from '../spec/schema/server-tls.ts'
import type { ConnectionMode, ConnectionReuse } from '../spec/schema/upstreams.ts'
import type { AccessLogField } from './access-log-fields.ts'
import type { Address } from './address.ts'
import type { Affinity } from './affinity.ts'
import type { FixedResponse, RedirectCode, RedirectUrl } from './answer.ts'
import type { App } from './app.ts'
import type { Check } from './check.ts'
import type { HttpSettings } from './http-settings.ts'
import type { PathMapping } from './path-mapping.ts'
import type { RequestText } from './request-text.ts'
import type { ServerTls } from './server-tls.ts'
import type { Snippet } from './snippet.ts'
import type { Secret, Store } from './store.ts'
import type { Target } from './target.ts'
import type { TlsSettings } from './tls.ts'

/**
 * The resolved spec: defaults are filled in, names are looked up, and no field is optional.
 * Diagnostics refer to a value by its `path` in the spec.
 */
export interface Cluster {
  readonly name: string
  readonly targets: readonly Target[]
  /** Sorted by name: the order of keys in the spec has no meaning. */
  readonly frontends: readonly Frontend[]
  /** Sorted by name. */
  readonly upstreams: readonly Upstream[]
  /** Sorted by name. */
  readonly stores: readonly Store[]
  readonly snippets: readonly Snippet[]
}

export interface Frontend {
  readonly name: string
  readonly path: SpecPath
  readonly listeners: readonly Listener[]
  /** Empty: every host name. */
  readonly serverNames: readonly string[]
  /** Answers unknown hosts, whatever its names; null: not set. */
  readonly isDefault: boolean | null
  /** For HTTPS listeners; null: the default of the target. */
  readonly http2: boolean | null
  readonly tls: TlsSettings
  /** null for a frontend with `proxyProtocol`, too. */
  readonly clientAddress: ClientAddress | null
  /** null: no listener uses it. */
  readonly proxyProtocol: ProxyProtocol | null
  /** null: requests over plain HTTP are served. */
  readonly toHttps: ToHttps | null
  /** The value of Strict-Transport-Security; null: it is not sent. */
  readonly hsts: string | null
  /** Added to the proxied request; sorted by name. */
  readonly headers: readonly Header[]
  /** null: the default of the target. */
  readonly accessLog: AccessLog | null
  readonly settings: HttpSettings
  /** In the order of the spec, in which regular expressions are tried. */
  readonly locations: readonly Location[]
  readonly snippets: readonly Snippet[]
}

export interface Listener {
  readonly address: Address
  readonly tls: { readonly certificate: string; readonly key: string } | null
  readonly proxyProtocol: boolean
  readonly path: SpecPath
}

/** At least one of file and syslog. */
export interface AccessLog {
  readonly file: string | null
  readonly syslog: Address | null
  readonly format: 'text' | 'json'
  /** null: the default of the target. */
  readonly fields: readonly AccessLogField[] | null
  readonly path: SpecPath
}

export interface ClientAddress {
  /** Addresses and CIDR networks. */
  readonly trust: readonly string[]
  readonly header: string
  readonly path: SpecPath
}

/** Plain HTTP requests are redirected. */
export interface ToHttps {
  readonly code: RedirectCode
  /** Beginnings of decoded paths that are served over plain HTTP. */
  readonly except: readonly string[]
  /** The port of the URL; 443 is not written. */
  readonly port: number
  readonly path: SpecPath
}

export interface ProxyProtocol {
  /** Addresses and CIDR networks of the proxies that send it; empty: every peer. */
  readonly trust: readonly string[]
  /** Of `clientAddress`, else of the first listener that uses it. */
  readonly path: SpecPath
}

export interface Header {
  readonly name: string
  /** A header whose text is empty in a request is not sent. */
  readonly text: RequestText
  readonly path: SpecPath
}

/** One for each match: a location of the spec with several becomes several that differ in it only. */
export interface Location {
  readonly match: Match
  readonly matchPath: SpecPath
  /** The number of the match in the spec, from 1; null: the spec has one match, not a list. */
  readonly matchNumber: number | null
  readonly action: LocationAction
  /** The servers know the location by another path; null: the path is unchanged. */
  readonly mapping: PathMapping | null
  readonly root: string | null
  /** Takes the place of the match in the path of a file; ends with a slash, as the match does. */
  readonly alias: string | null
  readonly index: readonly string[]
  /** null: files of the path of the request only. */
  readonly tryFiles: TryFiles | null
  /** In seconds, of files; null: not sent. */
  readonly expires: number | null
  /** Whether folders without an index file are listed. */
  readonly listsFolders: boolean
  /** Of text files; null: not sent. */
  readonly charset: string | null
  /** In addition to those of the frontend, and instead of those of the same name. */
  readonly headers: readonly Header[]
  /** Empty: every client. */
  readonly allow: readonly string[]
  /** Networks of clients without access, also where `allow` has them. */
  readonly deny: readonly string[]
  /** null: no password is needed. */
  readonly basicAuth: BasicAuth | null
  /** Effective: those of the frontend where the location has none. */
  readonly settings: HttpSettings
  readonly snippets: readonly Snippet[]
  readonly path: SpecPath
}

/** What is served where the path of the request is neither a file nor a folder. */
export interface TryFiles {
  /** Added to the path of the request. */
  readonly suffixes: readonly string[]
  /** The path that is served if none of these files exists; null: 404. */
  readonly fallback: string | null
}

export interface BasicAuth {
  /** As written, on the host of the proxy. */
  readonly file: string
  readonly realm: string
  readonly path: SpecPath
  /** The place of the file in the spec. */
  readonly filePath: SpecPath
}

/** nginx's location modifiers; `prefix` is written without one. */
export interface Match {
  readonly kind: 'prefix' | '=' | '^~' | '~' | '~*'
  readonly pattern: string
}

export type LocationAction =
  | { readonly kind: 'proxy'; readonly upstream: Upstream }
  | { readonly kind: 'status'; readonly upstream: Upstream }
  | Answer
  /** Only files below `root` or `alias`. */
  | { readonly kind: 'files' }

/** What the proxy answers itself, without files. */
export type Answer =
  | { readonly kind: 'redirect'; readonly to: RedirectUrl; readonly code: RedirectCode }
  | ({ readonly kind: 'respond' } & FixedResponse)

export interface Upstream {
  readonly name: string
  readonly path: SpecPath
  readonly protocol: Protocol
  /** Never null with protocol https. */
  readonly tls: ServerTls | null
  readonly ajpSecret: Secret | null
  /** The folder of scripts on the servers, with FastCGI. */
  readonly documentRoot: string | null
  readonly balance: Balance
  readonly affinity: Affinity
  /** Size of the shared memory zone as written, such as `64k`; null: not set. */
  readonly zone: string | null
  /** Idle connections per worker; null: the default of the target. */
  readonly keepalive: number | null
  /** HAProxy's fullconn; null: not set. */
  readonly fullConns: number | null
  readonly connections: Connections | null
  readonly nextUpstream: NextUpstream | null
  readonly check: Check | null
  /** In the order of the spec: methods such as ip_hash depend on it. Never empty. */
  readonly servers: readonly Server[]
  readonly app: App
  readonly snippets: readonly Snippet[]
}

export type Balance =
  | { readonly kind: 'round_robin' | 'least_conn' | 'random' }
  | { readonly kind: 'hash'; readonly key: string; readonly consistent: boolean }

export interface Connections {
  /** null: the default of HAProxy. */
  readonly mode: ConnectionMode | null
  readonly reuse: ConnectionReuse | null
  readonly path: SpecPath
}

export interface NextUpstream {
  readonly on: readonly string[]
  readonly tries: number | null
  readonly timeoutMs: number | null
  readonly path: SpecPath
}

export interface Server {
  /** The key in the spec; used in names of folders and of HAProxy servers. */
  readonly name: string
  readonly route: string
  readonly address: Address
  /** Its host name is looked up while the proxy runs. False for an IP address or a socket. */
  readonly resolves: boolean
  /** null: not set. */
  readonly maxAddresses: number | null
  readonly weight: number
  /** null: the default of the target. */
  readonly maxFails: number | null
  readonly failTimeoutMs: number | null
  readonly maxConns: number | null
  /** HAProxy's minconn; null: not set. */
  readonly minConns: number | null
  /** Maximum number of active requests over all workers; only the jvm_route module has this limit. */
  readonly maxBusy: number | null
  readonly state: 'up' | 'drain' | 'down' | 'backup'
  readonly tomcat: TomcatInstance
  readonly path: SpecPath
}

/** Ports and existing files of one Tomcat. */
export interface TomcatInstance {
  /** null: 8005. */
  readonly shutdownPort: number | null
  /** null: the port of the server's address. */
  readonly httpPort: number | null
  readonly ajpPort: number | null
  /** Paths as written in the spec, relative to its folder; null: a new file is written. */
  readonly base: string | null
  readonly contextBase: string | null
}
