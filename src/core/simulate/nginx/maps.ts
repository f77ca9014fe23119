import type { Model } from '../model.ts'
import type { SimulatedServer } from '../server.ts'
import type { RouteReader } from '../session-id.ts'
import { none } from './affinity.ts'
import { type Method, methodOf } from './method.ts'
import {
  type Block,
  type NginxAnswer,
  type NginxOptions,
  nginxBlock,
  nginxDefaults,
} from './model.ts'
import { allPeers } from './peers.ts'
import { nextInTurn } from './round-robin.ts'

export interface MapsOptions {
  readonly routes: RouteReader
  /** Blocks of one server have no backups. */
  readonly strict: boolean
}

/** One block for new sessions, and one for the sessions of each server. */
export interface Blocks<Prepared> {
  readonly all: Block<Prepared, null>
  /** By route. */
  readonly pinned: Map<string, Block<null, null>>
  readonly routeOf: ReturnType<RouteReader>
}

const hasBlock = ({ state }: SimulatedServer, strict: boolean): boolean =>
  strict || state === 'up' || state === 'drain'

/** The server first, all others as its backups. */
const pinnedServers = (
  server: SimulatedServer,
  servers: readonly SimulatedServer[],
  strict: boolean,
): readonly SimulatedServer[] => {
  const others = servers.filter(
    (other) => other !== server && (other.state === 'up' || other.state === 'backup'),
  )
  return [
    { ...server, state: server.state === 'down' ? 'down' : 'up' },
    ...(strict ? [] : others.map((other) => ({ ...other, state: 'backup' as const }))),
  ]
}

const withoutDrain = (server: SimulatedServer): SimulatedServer =>
  server.state === 'drain' ? { ...server, state: 'down' } : server

const roundRobin = methodOf(nextInTurn)

/** The form for any nginx: a map turns the route into the name of a block. */
export const maps = <Prepared, Work>(
  method: Method<Prepared, Work>,
  options: MapsOptions,
  nginx: NginxOptions = nginxDefaults,
): Model<Blocks<Prepared>, NginxAnswer> => {
  const allBlock = nginxBlock(method, none, nginx)
  const pinnedBlock = nginxBlock(roundRobin, none, nginx)

  const start = (servers: readonly SimulatedServer[]): Blocks<Prepared> => {
    const own = servers.filter((server) => hasBlock(server, options.strict))
    return {
      all: allBlock.start(servers.map(withoutDrain)),
      pinned: new Map(
        own.map((server) => [
          server.route,
          pinnedBlock.start(pinnedServers(server, servers, options.strict)),
        ]),
      ),
      routeOf: options.routes(new Set(servers.map(({ route }) => route))),
    }
  }

  return {
    start,
    begin: ({ all, pinned, routeOf }, request) => {
      const block = pinned.get(routeOf(request) ?? '')
      return block === undefined ? allBlock.begin(all, request) : pinnedBlock.begin(block, request)
    },
    // What ends is counted at the server, which belongs to its block.
    end: ({ all }, answer, response) => allBlock.end(all, answer, response),
    after: (blocks, event) => {
      if (event.kind !== 'reload') {
        allBlock.after(blocks.all, event)
        for (const block of blocks.pinned.values()) pinnedBlock.after(block, event)
        return blocks
      }
      const next = start(event.servers)
      for (const { server, isAlive } of allPeers(blocks.all.upstream))
        if (!isAlive) markDead(next, server.name, allBlock, pinnedBlock)
      return next
    },
  }
}

const markDead = <Prepared>(
  blocks: Blocks<Prepared>,
  server: string,
  allBlock: Model<Block<Prepared, null>, NginxAnswer>,
  pinnedBlock: Model<Block<null, null>, NginxAnswer>,
): void => {
  allBlock.after(blocks.all, { kind: 'dies', server })
  for (const block of blocks.pinned.values()) pinnedBlock.after(block, { kind: 'dies', server })
}
