import { atKey, atValue, type SpecPath } from '../../diagnostics/diagnostic.ts'
import type { Spec } from '../../spec/schema/index.ts'
import { type Address, formatAddress, parseAddress } from '../address.ts'
import type { Server, TomcatInstance } from '../cluster.ts'
import { durationMs } from '../duration.ts'
import { routeFor } from '../route.ts'
import { type Issues, report } from './issues.ts'

type SpecServer = Spec['upstreams'][string]['servers'][string]

/** Where nothing better is known the rest of the work goes on with an address that reaches nobody. */
const nowhere: Address = { kind: 'inet', host: '0.0.0.0', port: 1 }

export const resolveAddress = (text: string, path: SpecPath, issues: Issues): Address => {
  const address = parseAddress(text)
  if (typeof address !== 'string') return address
  issues.push(report('address-invalid', atValue(path), address, null))
  return nowhere
}

const resolveTomcat = (
  written: Extract<SpecServer, object>['tomcat'] | undefined,
): TomcatInstance => ({
  shutdownPort: written?.shutdownPort ?? null,
  httpPort: written?.httpPort ?? null,
  ajpPort: written?.ajpPort ?? null,
  base: written?.base ?? null,
  contextBase: written?.contextBase ?? null,
})

/** One for all that say nothing of it, which is nearly every server. */
const noTomcat = resolveTomcat(undefined)

const resolveServer = (
  name: string,
  written: SpecServer,
  path: SpecPath,
  issues: Issues,
): Server => {
  const server =
    typeof written === 'string' ? { address: written, weight: 1, state: 'up' as const } : written
  const addressPath = typeof written === 'string' ? path : [...path, 'address']
  return {
    name,
    route: server.route ?? routeFor(name),
    address: resolveAddress(server.address, addressPath, issues),
    weight: server.weight,
    maxFails: server.maxFails ?? null,
    failTimeoutMs: server.failTimeout === undefined ? null : durationMs(server.failTimeout),
    maxConns: server.maxConns ?? null,
    maxBusy: server.maxBusy ?? null,
    state: server.state,
    tomcat: server.tomcat ? resolveTomcat(server.tomcat) : noTomcat,
    path,
  }
}

const checkUnique = (servers: readonly Server[], issues: Issues): void => {
  const byRoute = new Map<string, Server>()
  const byAddress = new Map<string, Server>()
  for (const server of servers) {
    const sameRoute = byRoute.get(server.route)
    if (sameRoute) {
      issues.push(
        report(
          'route-duplicate',
          atKey(server.path),
          `servers "${sameRoute.name}" and "${server.name}" have the same route "${server.route}"`,
          'give each server a route of its own',
        ),
      )
    }
    byRoute.set(server.route, server)
    // One mistake is told once.
    if (server.address === nowhere) continue
    const address = formatAddress(server.address)
    const sameAddress = byAddress.get(address)
    if (sameAddress) {
      issues.push(
        report(
          'address-duplicate',
          atKey(server.path),
          `servers "${sameAddress.name}" and "${server.name}" have the same address ${address}`,
          'remove one of them, or correct its port',
        ),
      )
    }
    byAddress.set(address, server)
  }
}

export const resolveServers = (
  written: Spec['upstreams'][string]['servers'],
  path: SpecPath,
  issues: Issues,
): readonly Server[] => {
  const servers = Object.entries(written).map(([name, server]) =>
    resolveServer(name, server, [...path, name], issues),
  )
  if (servers.length === 0) {
    issues.push(
      report(
        'servers-empty',
        atKey(path),
        'an upstream needs at least one server',
        'add one, such as tomcat01: 10.0.0.1:8080',
      ),
    )
  } else if (!servers.some((server) => server.state === 'up')) {
    issues.push(
      report(
        'servers-none-usable',
        atKey(path),
        'no server of this upstream is "up"',
        'leave at least one server up',
      ),
    )
  }
  checkUnique(servers, issues)
  return servers
}
