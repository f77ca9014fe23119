/** What templates/nginx prints: whole arguments, total, nothing left to decide. */

export interface MapView {
  readonly source: string
  readonly variable: string
  readonly entries: readonly { readonly key: string; readonly value: string }[]
}

/** Maps that find the route of a request, or the upstream that stands for it. */
export interface MapGroupView {
  /** The upstream in the spec, for the comment. */
  readonly upstream: string
  readonly isSession: boolean
  readonly isVariables: boolean
  readonly isPool: boolean
  readonly maps: readonly MapView[]
}

/** What one frontend believes of the proxies in front of it. */
export interface TrustView {
  readonly frontend: string
  /** 1 where a request comes from one of them. */
  readonly variable: string
  readonly networks: readonly string[]
  readonly maps: readonly MapView[]
}

/** Whether the peer of the connection is on this host, whatever a header says. */
export interface LocalPeerView {
  readonly variable: string
  readonly networks: readonly string[]
}

/** What the application is told of the client; null: nothing has to be worked out. */
export interface ClientView {
  readonly portInHost: MapView | null
  readonly port: MapView | null
  readonly trusts: readonly TrustView[]
}

/** Answers for the hosts that no frontend names. */
export interface RefusalView {
  readonly listeners: readonly { readonly address: string; readonly isTls: boolean }[]
  readonly tls: TlsView | null
}

export interface TlsView {
  readonly certificate: string
  readonly key: string
  readonly protocols: readonly string[]
}

export interface ServerLine {
  readonly address: string
  readonly params: readonly string[]
}

export interface UpstreamView {
  readonly name: string
  /** The only server that this block is for, in the form with one upstream a server. */
  readonly pinnedTo: string | null
  readonly zone: { readonly name: string; readonly size: string } | null
  readonly isIpHash: boolean
  readonly isLeastConn: boolean
  readonly isRandom: boolean
  readonly hash: { readonly key: string; readonly consistent: boolean } | null
  readonly stickyNg: readonly string[] | null
  readonly servers: readonly ServerLine[]
  /** The routes of an unpatched nginx, each beside its server. */
  readonly routes: readonly { readonly route: string; readonly address: string }[]
  readonly jvmRoute: {
    readonly session: string
    readonly reverse: boolean
    readonly strict: boolean
  } | null
  readonly stickyCookie: readonly string[] | null
  readonly stickyRoute: readonly string[] | null
  readonly stickyLearn: readonly string[] | null
  readonly isStickyStrict: boolean
  readonly sessionSticky: readonly string[] | null
  readonly check: CheckView | null
  readonly keepalive: string | null
  /** Seconds; null: as nginx does by itself. */
  readonly keepaliveTimeout: number | null
}

/** Tengine's and nginx_upstream_check_module's active checks. */
export interface CheckView {
  readonly params: readonly string[]
  /** The request; null: a connection is enough. */
  readonly send: string | null
}

export interface UseridView {
  readonly cookie: string
  readonly path: string
  readonly domain: string | null
  readonly expires: string | null
  readonly flags: readonly string[]
}

export interface ProxyView {
  readonly to: string
  /** A variable names the upstream: nginx then needs proxy_redirect switched off. */
  readonly isVariable: boolean
  readonly nextUpstream: readonly string[]
  readonly tries: string | null
  readonly timeout: string | null
  readonly userid: UseridView | null
  /** Tengine: `upstream=NAME`, whose affinity cookie the application must not see. */
  readonly hideCookie: string | null
  /** NGINX Plus: parameters of health_check. */
  readonly healthCheck: readonly string[] | null
}

export interface StatusView {
  readonly jvmRoute: string | null
  readonly isPlusApi: boolean
  readonly angieApi: string | null
  readonly isCheck: boolean
  readonly isVts: boolean
  readonly isStub: boolean
}

export interface LocationView {
  readonly modifier: string | null
  readonly pattern: string
  readonly root: string | null
  readonly index: readonly string[]
  readonly allow: readonly string[]
  /** Everybody else is refused. */
  readonly isClosed: boolean
  /** 1 where the peer is on this host; null: whom the client's address names is enough. */
  readonly localPeer: string | null
  readonly status: StatusView | null
  readonly proxy: ProxyView | null
}

/** A log_format, and where it is used. */
export interface AccessLogView {
  readonly name: string
  readonly isJson: boolean
  /** Put together they are the format. */
  readonly lines: readonly string[]
  readonly places: readonly { readonly place: string; readonly format: string }[]
}

export interface ServerView {
  /** The frontend in the spec, for the comment. */
  readonly frontend: string
  readonly listeners: readonly {
    readonly address: string
    readonly isTls: boolean
    /** Answers for the hosts that no other server of the socket names. */
    readonly isDefault: boolean
  }[]
  readonly serverNames: readonly string[]
  /** All hosts: the only name is for requests that name none. */
  readonly isForAll: boolean
  readonly tls: TlsView | null
  readonly accessLog: AccessLogView | null
  readonly realIp: { readonly trust: readonly string[]; readonly header: string } | null
  /** Connections to the application servers stay open: HTTP/1.1 without `Connection: close`. */
  readonly isKeepalive: boolean
  readonly headers: readonly { readonly name: string; readonly value: string }[]
  readonly headersHash: HashSize | null
  /** Expressions for request targets that get 400. */
  readonly refusedTargets: readonly string[]
  readonly locations: readonly LocationView[]
}

/** Sizes for one of nginx's hashes, where those it comes with are too small. */
export interface HashSize {
  readonly bucketSize: string
  readonly maxSize: string
}

/** The file for the http level. */
export interface HttpView {
  readonly cluster: string
  readonly variablesHash: HashSize | null
  readonly serverNamesHash: HashSize | null
  readonly isVts: boolean
  readonly maps: readonly MapGroupView[]
  readonly upstreams: readonly UpstreamView[]
  readonly client: ClientView
  readonly localPeer: LocalPeerView | null
  readonly refusals: readonly RefusalView[]
  readonly servers: readonly ServerView[]
}

/** A complete nginx.conf. */
export interface MainView {
  readonly cluster: string
  readonly modules: readonly string[]
  readonly include: string
}

/** load_module lines on their own. */
export interface ModulesView {
  readonly cluster: string
  readonly modules: readonly string[]
}
