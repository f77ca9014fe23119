import type {
  AccessLog,
  ClientAddress,
  Frontend,
  Header,
  Listener,
  Location,
  LocationAction,
  Match,
  ProxyProtocol,
  ToHttps,
  Upstream,
} from '../model/cluster.ts'
import { relocateHttpSettings } from './http-settings.ts'
import { kept, mapped, orNull } from './mapping.ts'
import type { Places } from './places.ts'
import { relocateTls } from './tls.ts'

type Tls = NonNullable<Listener['tls']>

const listener = (one: Listener, places: Places): Listener =>
  mapped<Listener>(one, {
    address: places.listener,
    tls: orNull((tls: Tls) =>
      mapped<Tls>(tls, { certificate: places.certificate, key: places.key }),
    ),
    proxyProtocol: places.proxyProtocol,
    path: kept,
  })

const accessLog = (log: AccessLog, places: Places): AccessLog => {
  const { file, syslog } = places.log(log)
  return mapped<AccessLog>(log, {
    file: () => file,
    syslog: () => syslog,
    format: kept,
    fields: kept,
    path: kept,
  })
}

const clientAddress = (client: ClientAddress, places: Places): ClientAddress =>
  mapped<ClientAddress>(client, { trust: places.trust, header: kept, path: kept })

const action = (one: LocationAction, moved: (upstream: Upstream) => Upstream): LocationAction =>
  'upstream' in one ? { ...one, upstream: moved(one.upstream) } : one

const header = (one: Header): Header => mapped<Header>(one, { name: kept, text: kept, path: kept })

const location = (
  one: Location,
  moved: (upstream: Upstream) => Upstream,
  places: Places,
): Location =>
  mapped<Location>(one, {
    match: (match) => mapped<Match>(match, { kind: kept, pattern: kept }),
    matchPath: kept,
    matchNumber: kept,
    action: (value) => action(value, moved),
    mapping: kept,
    root: orNull(places.root),
    // The folder keeps its slash at the end.
    alias: orNull((alias) => `${places.root(alias.slice(0, -1) || '/')}/`),
    index: kept,
    tryFiles: kept,
    expires: kept,
    listsFolders: kept,
    charset: kept,
    headers: (headers) => headers.map(header),
    allow: places.allow,
    deny: places.allow,
    basicAuth: orNull(places.basicAuth),
    settings: (settings) => relocateHttpSettings(settings, places),
    snippets: places.snippets,
    path: kept,
  })

export const relocateFrontend = (
  frontend: Frontend,
  moved: (upstream: Upstream) => Upstream,
  places: Places,
): Frontend =>
  mapped<Frontend>(frontend, {
    name: kept,
    path: kept,
    listeners: (listeners) => listeners.map((one) => listener(one, places)),
    serverNames: places.serverNames,
    proxyProtocol: orNull((one: ProxyProtocol) =>
      mapped<ProxyProtocol>(one, { trust: places.trust, path: kept }),
    ),
    isDefault: kept,
    http2: kept,
    tls: (tls) => relocateTls(tls, places),
    clientAddress: orNull((client: ClientAddress) => clientAddress(client, places)),
    toHttps: orNull((toHttps: ToHttps) =>
      mapped<ToHttps>(toHttps, { code: kept, except: kept, port: kept, path: kept }),
    ),
    hsts: kept,
    headers: (headers) => headers.map(header),
    accessLog: orNull((log: AccessLog) => accessLog(log, places)),
    settings: (settings) => relocateHttpSettings(settings, places),
    locations: (locations) => locations.map((one) => location(one, moved, places)),
    snippets: places.snippets,
  })
