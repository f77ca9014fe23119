import { describe, expect, vi } from 'vitest'
import { type Affinity, none } from '../../src/core/simulate/haproxy/affinity.ts'
import {
  consistent,
  type RingIds,
  randomPoints,
} from '../../src/core/simulate/haproxy/consistent.ts'
import { cookie } from '../../src/core/simulate/haproxy/cookie.ts'
import {
  defaultHashTypes,
  type HashKeyOf,
  hashed,
  source,
} from '../../src/core/simulate/haproxy/hash-key.ts'
import { leastConnections } from '../../src/core/simulate/haproxy/least-connections.ts'
import { mapBased } from '../../src/core/simulate/haproxy/map.ts'
import type { Method } from '../../src/core/simulate/haproxy/method.ts'
import { haproxyBackend } from '../../src/core/simulate/haproxy/model.ts'
import { roundRobin } from '../../src/core/simulate/haproxy/round-robin.ts'
import { stickTable } from '../../src/core/simulate/haproxy/stick-table.ts'
import type { HashFunction, HashType } from '../../src/core/simulate/hashes/haproxy.ts'
import { cookieValue } from '../../src/core/simulate/request.ts'
import { type Run, run } from '../../src/core/simulate/run.ts'
import { type SimulatedServer, simulatedServer } from '../../src/core/simulate/server.ts'
import { freePorts } from './support/free-port.ts'
import { startHaproxy } from './support/haproxy.ts'
import { findServer, withServers } from './support/servers.ts'
import {
  type Client,
  clientsOf,
  expectSame,
  expectSameShares,
  keyArgument,
  type Samples,
  type Scene,
  servedBy,
} from './support/simulated.ts'

vi.setConfig({ testTimeout: 300_000 })

interface Balanced {
  readonly name: string
  readonly lines: readonly string[]
  readonly start: (scene: Scene) => Run
  readonly isRandom: boolean
  /** A server that does not answer is tried again, after a pause. */
  readonly isSlowWhenDead: boolean
}

const startOf =
  <Balance, Memory>(method: Method<Balance>, affinity: Affinity<Memory>) =>
  (scene: Scene): Run => {
    const model = run(haproxyBackend(method, affinity), scene.servers)
    for (const server of scene.dead) model.happens({ kind: 'dies', server })
    return model
  }

const balanced = (
  name: string,
  lines: readonly string[],
  start: (scene: Scene) => Run,
  given: Partial<Balanced> = {},
): Balanced => ({ name, lines, start, isRandom: false, isSlowWhenDead: false, ...given })

const functions: readonly HashFunction[] = ['sdbm', 'djb2', 'wt6', 'crc32']

/** The release that is asked about every function and every scene; the others about what may differ. */
const newest = '3.2'

const hashTypesOf = (version: string): readonly HashType[] =>
  (version === newest ? functions : (['wt6'] as const)).flatMap((each) => [
    { function: each, avalanche: false },
    { function: each, avalanche: true },
  ])

const slow = { isSlowWhenDead: true }

/** Map-based and consistent. */
const bothHashes = (
  name: string,
  balance: string,
  type: string,
  hashOf: HashKeyOf,
  ids: RingIds,
): readonly Balanced[] => [
  balanced(
    `${name}-map`,
    [balance, `hash-type map-based ${type}`],
    startOf(mapBased(hashOf), none),
    slow,
  ),
  balanced(
    `${name}-ring`,
    [balance, `hash-type consistent ${type}`],
    startOf(consistent(hashOf, 0, ids), none),
  ),
]

const idsOf = (version: string): RingIds => (version === '3.0' ? 'mixed' : 'spaced')

const hashBy = (version: string): string =>
  version === '2.2' ? 'balance url_param k' : 'balance hash url_param(k)'

/** HAProxy 3.2 chooses between servers with as many requests by chance. */
const methodsOf = (version: string): readonly Balanced[] => [
  balanced('rr', ['balance roundrobin'], startOf(roundRobin, none)),
  balanced('lc', ['balance leastconn'], startOf(leastConnections, none), {
    isRandom: version === '3.2',
  }),
  balanced('random', ['balance random'], startOf(randomPoints(2, idsOf(version)), none), {
    isRandom: true,
  }),
  ...bothHashes('source', 'balance source', 'sdbm', source({ avalanche: false }), idsOf(version)),
  ...bothHashes(
    'sourceav',
    'balance source',
    'sdbm avalanche',
    source({ avalanche: true }),
    idsOf(version),
  ),
  balanced(
    'default-map',
    [hashBy(version)],
    startOf(mapBased(hashed(keyArgument, defaultHashTypes.mapBased)), none),
    slow,
  ),
  balanced(
    'default-ring',
    ['balance source', 'hash-type consistent'],
    startOf(consistent(source(defaultHashTypes.consistent), 0, idsOf(version)), none),
  ),
  ...hashTypesOf(version).flatMap((type) =>
    bothHashes(
      `${type.function}${type.avalanche ? '-av' : ''}`,
      hashBy(version),
      `${type.function}${type.avalanche ? ' avalanche' : ''}`,
      hashed(keyArgument, type),
      idsOf(version),
    ),
  ),
  balanced(
    'bounded',
    [hashBy(version), 'hash-type consistent', 'hash-balance-factor 150'],
    startOf(
      consistent(hashed(keyArgument, defaultHashTypes.consistent), 150, idsOf(version)),
      none,
    ),
  ),
  // No request has the argument.
  balanced(
    'nokey',
    [version === '2.2' ? 'balance url_param z' : 'balance hash url_param(z)'],
    startOf(
      mapBased(() => null),
      none,
    ),
    slow,
  ),
]

interface Ports {
  readonly live: readonly number[]
  readonly deaf: number
}

const letters = 'abcdef'

const scenesOf = ({ live, deaf }: Ports): Readonly<Record<string, Scene>> => {
  const serverAt = (index: number, given: Partial<SimulatedServer>): SimulatedServer =>
    simulatedServer(letters[index] ?? '', `127.0.0.1:${live[index] ?? 0}`, given)
  const alive = (...given: readonly Partial<SimulatedServer>[]): Scene => ({
    servers: given.map((each, index) => serverAt(index, each)),
    dead: [],
  })
  const dead = simulatedServer('x', `127.0.0.1:${deaf}`, { weight: 2 })
  return {
    equal: alive({}, {}, {}),
    weights: alive({ weight: 5 }, {}, { weight: 2 }, { weight: 7 }),
    hundreds: alive({ weight: 100 }, { weight: 150 }, { weight: 50 }),
    ids: alive({ id: 812345, weight: 2 }, { id: 7 }, { id: 400 }),
    down: alive({}, { state: 'down', weight: 4 }, { weight: 2 }, {}),
    drain: alive({}, { state: 'drain', weight: 4 }, { weight: 3 }),
    backup: alive({ state: 'down' }, { state: 'backup' }, { state: 'backup', weight: 2 }),
    single: alive({}),
    dead: {
      servers: [serverAt(0, {}), dead, serverAt(1, { weight: 3 }), serverAt(2, {})],
      dead: ['x'],
    },
  }
}

const scenesForAll = new Set(['weights', 'ids', 'down', 'dead'])

const serverLine = ({ name, address, weight, state, id, route }: SimulatedServer): string =>
  [
    `server ${name} ${address}`,
    id === null ? '' : `id ${id}`,
    `weight ${state === 'drain' ? 0 : weight}`,
    state === 'backup' ? 'backup' : '',
    state === 'down' ? 'disabled' : '',
    route === '' ? '' : `cookie ${route}`,
  ].join(' ')

interface Case extends Balanced {
  readonly folder: string
  readonly scene: Scene
}

const configOf = (port: number, { live }: Ports, cases: readonly Case[]): string => `
global
  nbthread 1
defaults
  mode http
  timeout client 50s
  timeout server 5s
  timeout connect 20ms
  retries 3
  option redispatch 1
  option allbackups
${live
  .map(
    (at, index) => `frontend server-${letters[index]}
  bind 127.0.0.1:${at}
  http-request return status 200 content-type text/plain string ${letters[index]}`,
  )
  .join('\n')}
frontend proxy
  bind 127.0.0.1:${port}
  http-request set-src req.hdr(X-Client)
  use_backend %[path,field(2,/)]
${cases
  .map(
    ({ folder, lines, scene }) => `backend ${folder}
  ${[...lines, ...scene.servers.map(serverLine)].join('\n  ')}`,
  )
  .join('\n')}
`

const clients = clientsOf(90, 21)

const manyClients = clientsOf(800, 22)

const few = clients.slice(0, 12)

const sent = clients.map((client, index) => {
  const values = ['ra', 'rb|AbCdE', 'rc', 'rd', 'rx', 'unknown', 'rb']
  const value = values[index % values.length] ?? ''
  return index % 5 === 0 ? client : { ...client, cookies: [{ name: 'srv', value }] }
})

const routed = ({ live, deaf }: Ports): Scene => {
  const at = (index: number, given: Partial<SimulatedServer>): SimulatedServer =>
    simulatedServer(letters[index] ?? '', `127.0.0.1:${live[index] ?? 0}`, given)
  return {
    servers: [
      at(0, { route: 'ra' }),
      at(1, { route: 'rb', weight: 2 }),
      at(2, { route: 'rc', state: 'down' }),
      simulatedServer('x', `127.0.0.1:${deaf}`, { route: 'rx' }),
      at(3, { route: 'rd', state: 'drain' }),
    ],
    dead: ['x'],
  }
}

const insert = cookie({ name: 'srv', mode: 'insert', strict: false })

const table = stickTable({
  lookups: [({ cookies }) => cookieValue(cookies, 'srv')],
  creates: [],
  expire: 600,
  size: 1000,
  peers: false,
})

const affinities: readonly Balanced[] = [
  balanced(
    'cookie',
    ['balance roundrobin', 'cookie srv insert indirect'],
    startOf(roundRobin, insert),
  ),
  balanced(
    'table',
    [
      'balance roundrobin',
      'stick-table type string len 128 size 1k expire 10m',
      'stick on req.cook(srv)',
    ],
    startOf(roundRobin, table),
  ),
]

const clientsFor = ({ name, isRandom, isSlowWhenDead, scene }: Case): readonly Client[] => {
  if (isRandom) return manyClients
  if (name === 'cookie' || name === 'table') return sent
  return isSlowWhenDead && scene.dead.length > 0 ? few : clients
}

/** Each request to the dead server waits for the second try: a model that is 10 points off is seen. */
const samplesFor = ({ scene }: Case): Samples =>
  scene.dead.length > 0 ? { first: 400, second: 1600 } : { first: 800, second: 9000 }

describe.each(['2.2', '2.6', '3.0', '3.2'])('HAProxy %s', (version) => {
  const needs = { haproxy: findServer('haproxy', version) }

  withServers(needs, 'serves each client as the models do', async ({ haproxy }) => {
    const [port = 0, deaf = 0, ...live] = await freePorts(2 + letters.length)
    const ports = { live, deaf }
    const cases: readonly Case[] = [
      ...methodsOf(version).flatMap((each) =>
        Object.entries(scenesOf(ports)).flatMap(([name, scene]) =>
          version === newest || scenesForAll.has(name)
            ? [{ ...each, folder: `${each.name}-${name}`, scene }]
            : [],
        ),
      ),
      ...affinities.map((each) => ({ ...each, folder: each.name, scene: routed(ports) })),
    ]
    await startHaproxy(haproxy, configOf(port, ports, cases), [port, ...live])
    for (const each of cases) {
      const asking = clientsFor(each)
      const model = () => each.start(each.scene)
      if (each.isRandom) await expectSameShares(model, asking, each.folder, port, samplesFor(each))
      else expectSame(model(), asking, each.folder, await servedBy(port, each.folder, asking))
    }
    expect(cases.length).toBeGreaterThan(version === newest ? 200 : 50)
  })
})
