import type {
  Affinity,
  HashAffinity,
  IpHashAffinity,
  JvmRouteAffinity,
  NoAffinity,
  StickyCookieAffinity,
  StickyLearnAffinity,
  StickyRouteAffinity,
} from '../model/affinity.ts'
import type { Check } from '../model/check.ts'
import type {
  Balance,
  Connections,
  NextUpstream,
  Server,
  TomcatInstance,
  Upstream,
} from '../model/cluster.ts'
import type { ServerTls } from '../model/server-tls.ts'
import type { Store } from '../model/store.ts'
import { relocateApp } from './apps.ts'
import { kept, mapped, orNull } from './mapping.ts'
import type { Places } from './places.ts'

const common = { path: kept, onFailure: kept, via: kept } as const

const sticky = (
  affinity: StickyCookieAffinity | StickyRouteAffinity | StickyLearnAffinity,
): Affinity => {
  const named = { ...common, method: kept }
  switch (affinity.by) {
    case 'cookie':
      return mapped<StickyCookieAffinity>(affinity, {
        ...named,
        by: kept,
        cookie: kept,
        expires: kept,
        domain: kept,
        cookiePath: kept,
        httpOnly: kept,
        secure: kept,
        sameSite: kept,
        mode: kept,
        indirect: kept,
        nocache: kept,
      })
    case 'route':
      return mapped<StickyRouteAffinity>(affinity, { ...named, by: kept, from: kept })
    case 'learn':
      return mapped<StickyLearnAffinity>(affinity, {
        ...named,
        by: kept,
        create: kept,
        lookup: kept,
        zone: kept,
        timeoutMs: kept,
      })
  }
}

/** Affinities contain cookies, variables and paths of URLs, and nothing of a host. */
const relocateAffinity = (affinity: Affinity): Affinity => {
  switch (affinity.method) {
    case 'none':
      return mapped<NoAffinity>(affinity, { method: kept, path: kept })
    case 'ip_hash':
      return mapped<IpHashAffinity>(affinity, { ...common, method: kept })
    case 'hash':
      return mapped<HashAffinity>(affinity, {
        ...common,
        method: kept,
        key: kept,
        consistent: kept,
      })
    case 'jvm_route':
      return mapped<JvmRouteAffinity>(affinity, {
        ...common,
        method: kept,
        cookie: kept,
        url: kept,
        named: kept,
        reverse: kept,
        mode: kept,
      })
    case 'sticky':
      return sticky(affinity)
  }
}

const instance = (tomcat: TomcatInstance, places: Places): TomcatInstance => {
  const { shutdownPort, httpPort, ajpPort } = places.tomcatPorts(tomcat)
  return mapped<TomcatInstance>(tomcat, {
    shutdownPort: () => shutdownPort,
    httpPort: () => httpPort,
    ajpPort: () => ajpPort,
    base: orNull(places.inputFile),
    contextBase: orNull(places.inputFile),
  })
}

const server = (one: Server, places: Places): Server =>
  mapped<Server>(one, {
    name: kept,
    route: kept,
    address: one.resolves ? places.resolvedServer : places.server,
    resolves: places.resolves,
    maxAddresses: kept,
    weight: kept,
    maxFails: kept,
    failTimeoutMs: kept,
    maxConns: kept,
    minConns: kept,
    maxBusy: kept,
    state: kept,
    tomcat: (tomcat) => instance(tomcat, places),
    path: kept,
  })

type Hash = Extract<Balance, { kind: 'hash' }>
type Plain = Exclude<Balance, Hash>

const balance = (one: Balance): Balance =>
  one.kind === 'hash'
    ? mapped<Hash>(one, { kind: kept, key: kept, consistent: kept })
    : mapped<Plain>(one, { kind: kept })

const nextUpstream = orNull((one: NextUpstream) =>
  mapped<NextUpstream>(one, { on: kept, tries: kept, timeoutMs: kept, path: kept }),
)

const check = (places: Places) =>
  orNull((one: Check) =>
    mapped<Check>(one, {
      intervalMs: kept,
      downIntervalMs: kept,
      rise: kept,
      fall: kept,
      uri: kept,
      method: kept,
      host: kept,
      headers: kept,
      timeoutMs: kept,
      statuses: kept,
      text: kept,
      port: orNull(places.checkPort),
      closesOnDown: kept,
      path: kept,
    }),
  )

export const relocateUpstream = (
  upstream: Upstream,
  moved: (store: Store) => Store,
  places: Places,
): Upstream =>
  mapped<Upstream>(upstream, {
    name: kept,
    path: kept,
    protocol: places.serverProtocol,
    tls: orNull((one: ServerTls) =>
      mapped<ServerTls>(one, {
        verify: kept,
        ca: orNull(places.certificate),
        serverName: kept,
        certificate: orNull(places.certificate),
        path: kept,
      }),
    ),
    ajpSecret: orNull(places.storePassword),
    documentRoot: orNull(places.root),
    balance,
    affinity: relocateAffinity,
    zone: kept,
    keepalive: kept,
    fullConns: kept,
    connections: orNull((one: Connections) =>
      mapped<Connections>(one, { mode: kept, reuse: kept, path: kept }),
    ),
    nextUpstream,
    check: check(places),
    servers: (servers) => servers.map((one) => server(one, places)),
    app: (app) => relocateApp(app, upstream.servers.length, moved, places),
    snippets: places.snippets,
  })
