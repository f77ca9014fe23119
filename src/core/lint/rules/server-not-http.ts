import { atValue, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import { formatAddress } from '../../model/address.ts'
import type { App } from '../../model/app.ts'
import type { Server, Upstream } from '../../model/cluster.ts'
import { report } from '../codes.ts'
import type { ListingRule } from '../rule.ts'

interface Protocol {
  readonly title: string
  /** Names of sockets. */
  readonly socket: RegExp
  /** The usual port, and where it means this protocol. */
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
    remedy: 'name the HTTP address of a web server in front of PHP-FPM, such as 10.0.0.1:8080',
  },
  {
    title: 'the uwsgi protocol',
    socket: /uwsgi/i,
    port: 3031,
    runtimes: ['django'],
    remedy: 'let uWSGI speak HTTP (http-socket = :8080) or use Gunicorn, and name that address',
  },
  {
    title: 'AJP',
    socket: /ajp/i,
    port: 8009,
    runtimes: ['tomcat'],
    remedy: "name the port of Tomcat's HTTP connector, such as 10.0.0.1:8080",
  },
]

const protocolOf = ({ address }: Server, { runtime }: App): Protocol | undefined =>
  protocols.find(({ socket, port, runtimes }) =>
    address.kind === 'unix'
      ? socket.test(address.path)
      : address.port === port && runtimes.includes(runtime),
  )

const problemsOf = ({ app, servers }: Upstream): readonly Diagnostic[] =>
  servers.flatMap((server) => {
    const protocol = protocolOf(server, app)
    if (protocol === undefined) return []
    const message = `${formatAddress(server.address)} speaks ${protocol.title}, and the proxy speaks HTTP to it`
    return [
      report('server-not-http', atValue([...server.path, 'address']), message, protocol.remedy),
    ]
  })

export const serverNotHttp: ListingRule = ({ upstreams }) => upstreams.flatMap(problemsOf)
