import type { Cluster, Frontend } from '../../model/cluster.ts'
import { withoutHostBits } from '../../model/network.ts'
import type { Features } from './features.ts'
import type { Names } from './names.ts'
import type { ClientView, MapView, ServerView, TrustView } from './views.ts'

type Headers = ServerView['headers']

/** What the application is told of the client, and the variables that it takes. */
export interface Client {
  readonly view: ClientView
  readonly headersOf: (frontend: Frontend) => Headers
}

/** Parts of an expression that become variables, which are global: with a name that nobody else has. */
const portGroup = 'sessctl_port'

/** From 1.29.3 nginx knows the port; before, it is what follows the last colon of Host. */
const portInHostMap = (variable: string): MapView => ({
  source: '$http_host',
  variable,
  entries: [{ key: `~(?<${portGroup}>:[0-9]+)$`, value: `$${portGroup}` }],
})

/** The port as a number: the usual one of the scheme where the client names none. */
const portMap = (scheme: string, portInHost: string, variable: string): MapView => ({
  source: `${scheme}${portInHost}`,
  variable,
  entries: [
    { key: `~:(?<${portGroup}>[0-9]+)$`, value: `$${portGroup}` },
    { key: 'https', value: '443' },
    { key: 'default', value: '80' },
  ],
})

/** Variables with what the client of one frontend asked for. */
interface Told {
  readonly scheme: string
  readonly port: string
}

interface Believed {
  readonly told: Told
  readonly view: TrustView
}

const portHeader = 'X-Forwarded-Port'

/** Unless its spec has another word for it. */
const tellsPort = ({ headers }: Frontend): boolean =>
  !headers.some(({ name }) => name.toLowerCase() === portHeader.toLowerCase())

/** `place`: cluster and frontend, for one nginx may include several clusters. */
const believed = (
  frontend: Frontend,
  place: string,
  portInHost: string,
  names: Names,
): Believed => {
  const { name, clientAddress } = frontend
  const variable = names.variable(`from_proxy_${place}`)
  const scheme = names.variable(`scheme_${place}`)
  const port = names.variable(`port_${place}`)
  const maps: readonly MapView[] = [
    {
      source: `${variable}:$http_x_forwarded_proto`,
      variable: scheme,
      entries: [
        { key: 'default', value: '$scheme' },
        { key: '1:http', value: 'http' },
        { key: '1:https', value: 'https' },
      ],
    },
    ...(tellsPort(frontend) ? [portMap(scheme, portInHost, port)] : []),
  ]
  const networks = new Set((clientAddress?.trust ?? []).map(withoutHostBits))
  return {
    told: { scheme, port },
    view: { frontend: name, variable, networks: [...networks], maps },
  }
}

/**
 * What else a client writes of itself is taken away, even where a trusted proxy sends it: proxies in
 * front hand most of it on as it came. $host is the host that nginx chose the server by, even where the
 * request line and the header name two.
 */
const headersOf = (
  { clientAddress }: Frontend,
  portInHost: string,
  { scheme, port }: Told,
): Headers => {
  const usual = [
    { name: 'Host', value: `$host${portInHost}` },
    { name: 'X-Real-IP', value: '$remote_addr' },
    { name: 'X-Forwarded-For', value: '$remote_addr' },
    { name: 'X-Forwarded-Proto', value: scheme },
    { name: portHeader, value: port },
    { name: 'X-Forwarded-Host', value: '' },
    { name: 'X-Forwarded-Prefix', value: '' },
    { name: 'Forwarded', value: '' },
  ]
  if (clientAddress === null) return usual
  const { header } = clientAddress
  const isUsual = usual.some(({ name }) => name.toLowerCase() === header.toLowerCase())
  return isUsual ? usual : [...usual, { name: header, value: '$remote_addr' }]
}

const nobody: Client = {
  view: { portInHost: null, port: null, trusts: [] },
  headersOf: () => [],
}

const isProxying = ({ locations }: Frontend): boolean =>
  locations.some(({ action }) => action.kind === 'proxy')

export const clientOf = (cluster: Cluster, features: Features, names: Names): Client => {
  const frontends = cluster.frontends.filter(isProxying)
  if (frontends.length === 0) return nobody
  const isTrusting = ({ clientAddress }: Frontend): boolean =>
    clientAddress !== null && features.knowsPeer
  const portVariable = features.knowsRequestPort ? null : names.variable('port_in_host')
  const portInHost = portVariable ?? '$is_request_port$request_port'
  const isPortAsked = frontends.some((each) => !isTrusting(each) && tellsPort(each))
  const port = isPortAsked ? names.variable('forwarded_port') : null
  const own: Told = { scheme: '$scheme', port: port ?? '' }
  const trusts = new Map(
    frontends
      .filter(isTrusting)
      .map((each) => [each, believed(each, `${cluster.name}_${each.name}`, portInHost, names)]),
  )
  return {
    view: {
      portInHost: portVariable === null ? null : portInHostMap(portVariable),
      port: port === null ? null : portMap('$scheme', portInHost, port),
      trusts: [...trusts.values()].map(({ view }) => view),
    },
    headersOf: (frontend) => headersOf(frontend, portInHost, trusts.get(frontend)?.told ?? own),
  }
}
