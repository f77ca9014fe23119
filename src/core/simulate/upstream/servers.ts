import { formatAddress } from '../../model/address.ts'
import type { Server } from '../../model/cluster.ts'
import type { SimulatedServer } from '../server.ts'

/** What the proxies use where the spec sets nothing. */
export interface ServerDefaults {
  readonly maxFails: number
  /** Seconds. */
  readonly failTimeout: number
}

export const nginxServerDefaults: ServerDefaults = { maxFails: 1, failTimeout: 10 }

/** `retry` of httpd. */
export const httpdServerDefaults: ServerDefaults = { maxFails: 1, failTimeout: 60 }

/** A server of the spec as it is simulated. */
export const simulatedFrom = (
  server: Server,
  defaults: ServerDefaults,
  given: Partial<SimulatedServer> = {},
): SimulatedServer => ({
  name: server.name,
  address: formatAddress(server.address),
  weight: server.weight,
  state: server.state,
  route: server.route,
  id: null,
  maxFails: server.maxFails ?? defaults.maxFails,
  failTimeout: server.failTimeoutMs === null ? defaults.failTimeout : server.failTimeoutMs / 1000,
  maxConns: server.maxConns ?? 0,
  ...given,
})

export const routesOf = (servers: readonly SimulatedServer[]): ReadonlySet<string> =>
  new Set(servers.map(({ route }) => route))
