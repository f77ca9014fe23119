import type { SimulatedServer } from '../server.ts'

/** A server of a backend, with what HAProxy knows and counts. */
export interface BackendServer {
  readonly server: SimulatedServer
  readonly index: number
  /** The `id`, or the number in the list. */
  readonly id: number
  /** Answers connections. */
  isAlive: boolean
  /** A health check knows that it does not. */
  isStopped: boolean
  /** Requests that did not end. */
  served: number
}

export interface Backend {
  readonly servers: readonly BackendServer[]
  readonly byRoute: ReadonlyMap<string, readonly BackendServer[]>
  readonly byId: ReadonlyMap<number, BackendServer>
  /** `option allbackups`: all backup servers together, not the first one only. */
  readonly allBackups: boolean
  served: number
}

/** HAProxy multiplies weights by this where it needs finer steps. */
export const weightScale = 16

const byRoute = (
  servers: readonly BackendServer[],
): ReadonlyMap<string, readonly BackendServer[]> => {
  const found = new Map<string, BackendServer[]>()
  for (const each of servers) {
    const same = found.get(each.server.route)
    if (same === undefined) found.set(each.server.route, [each])
    else same.push(each)
  }
  return found
}

export const backendOf = (simulated: readonly SimulatedServer[], allBackups: boolean): Backend => {
  const servers = simulated.map((server, index) => ({
    server,
    index,
    id: server.id ?? index + 1,
    isAlive: true,
    isStopped: false,
    served: 0,
  }))
  return {
    servers,
    byRoute: byRoute(servers),
    byId: new Map(servers.map((server) => [server.id, server])),
    allBackups,
    served: 0,
  }
}

/** A drained server has the weight 0, one that is down is disabled. */
export const isUsable = ({ server, isStopped }: BackendServer): boolean =>
  !isStopped && (server.state === 'up' || server.state === 'backup') && server.weight > 0

/** Keeps its sessions: only a server that is stopped or disabled does not. */
export const isUsableForSession = ({ server, isStopped }: BackendServer): boolean =>
  !isStopped && server.state !== 'down'

const isBackup = ({ server }: BackendServer): boolean => server.state === 'backup'

/** Which servers take new clients. */
export type Candidates =
  | {
      readonly kind: 'group'
      readonly servers: readonly BackendServer[]
      readonly isBackup: boolean
    }
  /** The first backup server serves alone. */
  | { readonly kind: 'one'; readonly server: BackendServer }
  | { readonly kind: 'none' }

const none: Candidates = { kind: 'none' }

export const candidatesOf = ({ servers, allBackups }: Backend): Candidates => {
  const usable = servers.filter(isUsable)
  const active = usable.filter((server) => !isBackup(server))
  if (active.length > 0) return { kind: 'group', servers: active, isBackup: false }
  const [first] = usable
  if (first === undefined) return none
  return allBackups
    ? { kind: 'group', servers: usable, isBackup: true }
    : { kind: 'one', server: first }
}

/** `maxconn`: a full server is passed over by methods that have a choice. */
export const isFull = ({ server, served }: BackendServer): boolean =>
  server.maxConns > 0 && served >= server.maxConns
