/** A server as the configuration of a proxy has it. */
export interface SimulatedServer {
  readonly name: string
  /** As written after `server`: a consistent hash of nginx depends on the text. */
  readonly address: string
  readonly weight: number
  readonly state: 'up' | 'drain' | 'down' | 'backup'
  /** Empty: none. */
  readonly route: string
  /** The `id` of HAProxy; null: its number in the list, from 1. */
  readonly id: number | null
  /** 0: the server never counts as failed. */
  readonly maxFails: number
  /** Seconds; in httpd, `retry`. */
  readonly failTimeout: number
  /** 0: no limit. */
  readonly maxConns: number
}

/** The defaults of nginx, with the values given. */
export const simulatedServer = (
  name: string,
  address: string,
  given: Partial<Omit<SimulatedServer, 'name' | 'address'>> = {},
): SimulatedServer => ({
  name,
  address,
  weight: 1,
  state: 'up',
  route: '',
  id: null,
  maxFails: 1,
  failTimeout: 10,
  maxConns: 0,
  ...given,
})

const changed = (
  servers: readonly SimulatedServer[],
  name: string,
  change: Partial<SimulatedServer>,
): readonly SimulatedServer[] =>
  servers.map((server) => (server.name === name ? { ...server, ...change } : server))

/** Changes of a configuration, for a reload. */
export const withServer = (
  servers: readonly SimulatedServer[],
  added: SimulatedServer,
): readonly SimulatedServer[] => [...servers, added]

export const withoutServer = (
  servers: readonly SimulatedServer[],
  name: string,
): readonly SimulatedServer[] => servers.filter((server) => server.name !== name)

export const withWeight = (
  servers: readonly SimulatedServer[],
  name: string,
  weight: number,
): readonly SimulatedServer[] => changed(servers, name, { weight })

export const withState = (
  servers: readonly SimulatedServer[],
  name: string,
  state: SimulatedServer['state'],
): readonly SimulatedServer[] => changed(servers, name, { state })
