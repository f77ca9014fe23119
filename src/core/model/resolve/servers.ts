import { atKey, type SpecPath } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import { withoutEffect } from '../../fields.ts'
import type { Spec } from '../../spec/schema/index.ts'
import { type Address, formatAddress } from '../address.ts'
import type { Server, TomcatInstance, Upstream } from '../cluster.ts'
import { report } from '../codes.ts'
import { durationMs } from '../duration.ts'
import { isHostName } from '../ip.ts'
import { routeFor } from '../route.ts'
import { nowhere, resolveAddress } from './addresses.ts'

type SpecServer = Spec['upstreams'][string]['servers'][string]

const resolveTomcat = (
  written: Extract<SpecServer, object>['tomcat'] | undefined,
): TomcatInstance => ({
  shutdownPort: written?.shutdownPort ?? null,
  httpPort: written?.httpPort ?? null,
  ajpPort: written?.ajpPort ?? null,
  base: written?.base ?? null,
  contextBase: written?.contextBase ?? null,
})

/** Shared by all servers without `tomcat`, which are most servers. */
const noTomcat = resolveTomcat(undefined)

const isNamed = (address: Address): boolean =>
  address.kind === 'inet' && address.host !== null && isHostName(address.host)

/** Reports fields of a name on a server that has none. */
const checkName = (
  { address, maxAddresses, path }: Server,
  asked: boolean,
  findings: Findings,
): void => {
  if (asked && !isNamed(address) && address !== nowhere)
    withoutEffect(findings, [...path, 'resolve'], null, 'the address is not a host name')
  if (maxAddresses !== null && !(asked && isNamed(address))) {
    const why = asked ? 'the address is not a host name' : 'only "resolve: true" uses it'
    withoutEffect(findings, [...path, 'maxAddresses'], null, why)
  }
}

const resolveServer = (
  name: string,
  written: SpecServer,
  path: SpecPath,
  findings: Findings,
): Server => {
  const server =
    typeof written === 'string'
      ? { address: written, resolve: false, weight: 1, state: 'up' as const }
      : written
  const addressPath = typeof written === 'string' ? path : [...path, 'address']
  const address = resolveAddress(server.address, addressPath, findings)
  const resolved: Server = {
    name,
    route: server.route ?? routeFor(name),
    address,
    resolves: server.resolve && isNamed(address),
    maxAddresses: server.maxAddresses ?? null,
    weight: server.weight,
    maxFails: server.maxFails ?? null,
    failTimeoutMs: server.failTimeout === undefined ? null : durationMs(server.failTimeout),
    maxConns: server.maxConns ?? null,
    minConns: server.minConns ?? null,
    maxBusy: server.maxBusy ?? null,
    state: server.state,
    tomcat: server.tomcat ? resolveTomcat(server.tomcat) : noTomcat,
    path,
  }
  checkName(resolved, server.resolve, findings)
  return resolved
}

const checkUnique = (servers: readonly Server[], findings: Findings): void => {
  const byRoute = new Map<string, Server>()
  const byAddress = new Map<string, Server>()
  for (const server of servers) {
    const sameRoute = byRoute.get(server.route)
    if (sameRoute) {
      report(
        findings,
        'route-duplicate',
        atKey(server.path),
        `servers "${sameRoute.name}" and "${server.name}" have the same route "${server.route}"`,
        'set a different route for each server',
      )
    }
    byRoute.set(server.route, server)
    // An invalid address is reported already.
    if (server.address === nowhere) continue
    const address = formatAddress(server.address)
    const sameAddress = byAddress.get(address)
    if (sameAddress) {
      report(
        findings,
        'address-duplicate',
        atKey(server.path),
        `servers "${sameAddress.name}" and "${server.name}" have the same address ${address}`,
        'remove one of the servers, or correct its port',
      )
    }
    byAddress.set(address, server)
  }
}

export const resolveServers = (
  written: Spec['upstreams'][string]['servers'],
  path: SpecPath,
  findings: Findings,
): readonly Server[] => {
  const servers = Object.entries(written).map(([name, server]) =>
    resolveServer(name, server, [...path, name], findings),
  )
  if (servers.length === 0) {
    report(
      findings,
      'servers-empty',
      atKey(path),
      'the upstream has no servers',
      'add a server, such as tomcat01: 10.0.0.1:8080',
    )
  } else if (!servers.some((server) => server.state === 'up')) {
    report(
      findings,
      'servers-none-usable',
      atKey(path),
      'no server of the upstream has "state: up"',
      'set "state: up" for at least one server',
    )
  }
  checkUnique(servers, findings)
  return servers
}

/** Reports names that are not valid routes if routes are used. */
export const checkRoutes = (
  { affinity, app, servers }: Upstream,
  written: Spec['upstreams'][string]['servers'],
  findings: Findings,
): void => {
  const isRead =
    affinity.method === 'jvm_route' || (affinity.method === 'sticky' && affinity.by === 'route')
  const isSet = affinity.method === 'sticky' && affinity.by === 'cookie'
  if (!isRead && !isSet && app.runtime !== 'tomcat') return
  for (const { name, route, path } of servers) {
    const own = written[name]
    const isWritten = typeof own === 'object' && own.route !== undefined
    if (isWritten || route === name || route !== routeFor(name)) continue
    const message = `the route of "${name}" is "${route}": a route has at most 32 letters, digits, "_" and "-"`
    // Whether sessctl writes the route on both sides, or only for the proxy.
    const isKnown = app.runtime === 'tomcat' || !isRead
    const help = isKnown
      ? `write route: ${route}, or a different route`
      : 'write route: with the route that the server uses, such as its jvmRoute'
    report(findings, isKnown ? 'route-derived' : 'route-guessed', atKey(path), message, help)
  }
}
