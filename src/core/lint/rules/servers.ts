import { atKey, atValue } from '../../diagnostics/diagnostic.ts'
import { formatAddress } from '../../model/address.ts'
import type { App } from '../../model/app.ts'
import type { Cluster, Server } from '../../model/cluster.ts'
import { isHostName } from '../../model/ip.ts'
import { isPool } from '../../model/resolver.ts'
import { report } from '../codes.ts'
import type { Rule } from '../rule.ts'

type Dialect = Cluster['targets'][number]['dialect']

/** What each proxy does with a host name that has several addresses. */
const resolution: Readonly<Record<Dialect, string>> = {
  nginx: 'nginx creates a server for each of them, all with the same route',
  haproxy: 'HAProxy uses only the first of them',
  httpd: 'httpd connects to whichever of them answers',
}

const hostNameOf = ({ address }: Server): string | null =>
  address.kind === 'inet' && address.host !== null && isHostName(address.host) ? address.host : null

/** With affinity a session belongs to one server, but a host name can have several addresses. */
export const serverHostName: Rule = ({ targets, upstreams }, findings) => {
  if (targets.length === 0) return
  const consequences = targets.map(({ dialect }) => resolution[dialect]).join(', ')
  for (const { affinity, servers } of upstreams) {
    const server = servers.find((each) => hostNameOf(each) !== null && !each.resolves)
    if (server === undefined || affinity.method === 'none') continue
    const message = `the host name "${hostNameOf(server)}" is used as one server: if it has several addresses, ${consequences}`
    const help =
      'write one server for each address, such as "10.0.0.1:8080", or resolve: true to look the name up while the proxy runs'
    report(findings, 'server-host-name', atKey(server.path), message, help)
  }
}

/** A route in a session id or a variable names one server, not one of the addresses of a name. */
export const resolvedRoutes: Rule = ({ upstreams }, findings) => {
  for (const { affinity, servers } of upstreams) {
    const readsRoutes =
      affinity.method === 'jvm_route' || (affinity.method === 'sticky' && affinity.by === 'route')
    if (!readsRoutes) continue
    for (const server of servers.filter(isPool)) {
      const message = `all addresses of "${hostNameOf(server)}" would have the route "${server.route}": a session would be sent to any of them`
      const help =
        'use affinity { method: sticky, by: cookie }, or write maxAddresses: 1 if the name has one address at a time'
      report(findings, 'resolve-one-route', atValue([...server.path, 'resolve']), message, help)
    }
  }
}

interface Protocol {
  readonly title: string
  /** Names of Unix sockets. */
  readonly socket: RegExp
  /** The usual port, with the runtimes of which it means this protocol. */
  readonly port: number
  readonly runtimes: readonly App['runtime'][]
  readonly remedy: string
}

const protocols: readonly Protocol[] = [
  {
    title: 'FastCGI (PHP-FPM)',
    socket: /fpm|f(?:ast)?cgi/i,
    port: 9000,
    runtimes: ['php'],
    remedy: 'write protocol: fastcgi for the upstream',
  },
  {
    title: 'the uwsgi protocol',
    socket: /uwsgi/i,
    port: 3031,
    runtimes: ['django'],
    remedy: 'write protocol: uwsgi for the upstream',
  },
  {
    title: 'AJP',
    socket: /ajp/i,
    port: 8009,
    runtimes: ['tomcat'],
    remedy: "write the port of Tomcat's HTTP connector, such as 10.0.0.1:8080",
  },
]

const protocolOf = ({ address }: Server, { runtime }: App): Protocol | undefined =>
  protocols.find(({ socket, port, runtimes }) =>
    address.kind === 'unix'
      ? socket.test(address.path)
      : address.port === port && runtimes.includes(runtime),
  )

/** The usual ports and sockets of other protocols than HTTP. */
export const serverNotHttp: Rule = ({ upstreams }, findings) => {
  for (const { app, protocol: spoken, servers } of upstreams) {
    for (const server of spoken === 'http' ? servers : []) {
      const protocol = protocolOf(server, app)
      if (protocol === undefined) continue
      const at = atValue([...server.path, 'address'])
      const message = `${formatAddress(server.address)} speaks ${protocol.title}, but the proxy sends HTTP to it`
      report(findings, 'server-not-http', at, message, protocol.remedy)
    }
  }
}

const productOf = { haproxy: 'HAProxy', httpd: 'httpd' } as const

/** The proxies differ in where the clients of a backup server are sent afterwards. */
export const backupWithAffinity: Rule = ({ targets, upstreams }, findings) => {
  const returns = targets.some(({ dialect }) => dialect === 'nginx')
  const keeping = targets.flatMap(({ dialect }) => (dialect === 'nginx' ? [] : productOf[dialect]))
  if (targets.length === 0) return
  for (const { affinity, servers } of upstreams) {
    const backup = servers.find(({ state }) => state === 'backup')
    if (affinity.method !== 'sticky' && affinity.method !== 'jvm_route') continue
    if (backup === undefined) continue
    const said = [
      ...(returns
        ? [`nginx moves clients away from "${backup.name}" as soon as another server is up`]
        : []),
      ...(keeping.length > 0
        ? [
            `${keeping.join(' and ')} ${keeping.length === 1 ? 'keeps' : 'keep'} clients on "${backup.name}" when the other servers are up again`,
          ]
        : []),
    ]
    const help = returns
      ? 'share the sessions between the servers; otherwise those on the backup server are lost'
      : null
    const at = atValue([...backup.path, 'state'])
    report(findings, 'backup-with-affinity', at, said.join(', and '), help)
  }
}
