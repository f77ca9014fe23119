import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, vi } from 'vitest'
import { none } from '../../src/core/simulate/nginx/affinity.ts'
import { consistentHash } from '../../src/core/simulate/nginx/consistent-hash.ts'
import { hash } from '../../src/core/simulate/nginx/hash.ts'
import { ipHash } from '../../src/core/simulate/nginx/ip-hash.ts'
import { leastConnections } from '../../src/core/simulate/nginx/least-connections.ts'
import { type Method, methodOf } from '../../src/core/simulate/nginx/method.ts'
import { nginxBlock } from '../../src/core/simulate/nginx/model.ts'
import { random, randomOfTwo } from '../../src/core/simulate/nginx/random-servers.ts'
import { nextInTurn } from '../../src/core/simulate/nginx/round-robin.ts'
import { cookieVariable, stickyCookie, stickyRoute } from '../../src/core/simulate/nginx/sticky.ts'
import { type Run, run } from '../../src/core/simulate/run.ts'
import { type SimulatedServer, simulatedServer } from '../../src/core/simulate/server.ts'
import { freePorts } from './support/free-port.ts'
import { startNginx } from './support/nginx.ts'
import { findServer, type Server, withServers } from './support/servers.ts'
import {
  type Client,
  clientsOf,
  expectSame,
  expectSameShares,
  keyArgument,
  type Scene,
  servedBy,
} from './support/simulated.ts'

vi.setConfig({ testTimeout: 300_000 })

interface Case {
  readonly folder: string
  /** The method, and what else stands in the block besides its servers. */
  readonly directives: readonly string[]
  readonly scene: Scene
  readonly model: () => Run
  /** The method chooses by chance. */
  readonly isRandom: boolean
}

const modelOf =
  <Prepared, Work>(method: Method<Prepared, Work>) =>
  (scene: Scene): Run =>
    run(nginxBlock(method, none), scene.servers)

interface Named {
  readonly name: string
  readonly directive: string
  readonly start: (scene: Scene) => Run
  readonly takesBackups: boolean
  readonly isRandom: boolean
}

const address = ({ address: { text } }: { readonly address: { readonly text: string } }): string =>
  text

const exact = { takesBackups: false, isRandom: false }

const methods: readonly Named[] = [
  { name: 'rr', directive: '', start: modelOf(methodOf(nextInTurn)), ...exact, takesBackups: true },
  {
    name: 'lc',
    directive: 'least_conn;',
    start: modelOf(leastConnections),
    ...exact,
    takesBackups: true,
  },
  { name: 'ip', directive: 'ip_hash;', start: modelOf(ipHash), ...exact },
  { name: 'ha', directive: 'hash $remote_addr;', start: modelOf(hash(address)), ...exact },
  { name: 'hk', directive: 'hash $arg_k;', start: modelOf(hash(keyArgument)), ...exact },
  {
    name: 'hc',
    directive: 'hash $arg_k consistent;',
    start: modelOf(consistentHash(keyArgument)),
    ...exact,
  },
  {
    name: 'hb',
    directive: 'hash $binary_remote_addr consistent;',
    start: modelOf(consistentHash((request) => request.address.bytes)),
    ...exact,
  },
  { name: 'rn', directive: 'random;', start: modelOf(random), takesBackups: false, isRandom: true },
  {
    name: 'r2',
    directive: 'random two;',
    start: modelOf(randomOfTwo),
    takesBackups: false,
    isRandom: true,
  },
]

/** Ports of servers a to f, and one on which nothing listens. */
interface Ports {
  readonly live: readonly number[]
  readonly deaf: number
}

const letters = 'abcdef'

const serverAt = (
  { live }: Ports,
  index: number,
  given: Partial<SimulatedServer> = {},
): SimulatedServer =>
  simulatedServer(letters[index] ?? '', `127.0.0.1:${live[index] ?? 0}`, {
    failTimeout: 100,
    ...given,
  })

/** What the servers of a block are like; the dead one is called x. */
const scenesOf = (ports: Ports): Readonly<Record<string, Scene>> => {
  const some = (...given: readonly Partial<SimulatedServer>[]): readonly SimulatedServer[] =>
    given.map((each, index) => serverAt(ports, index, each))
  const dead = (given: Partial<SimulatedServer>): SimulatedServer =>
    simulatedServer('x', `127.0.0.1:${ports.deaf}`, { failTimeout: 100, ...given })
  const alive = (servers: readonly SimulatedServer[]): Scene => ({ servers, dead: [] })
  const withDead = (given: Partial<SimulatedServer>): Scene => ({
    servers: [
      serverAt(ports, 0),
      dead(given),
      serverAt(ports, 1, { weight: 3 }),
      serverAt(ports, 2),
    ],
    dead: ['x'],
  })
  return {
    equal: alive(some({}, {}, {})),
    weights: alive(some({ weight: 5 }, {}, { weight: 2 }, { weight: 7 })),
    many: alive(some({}, {}, {}, {}, {}, { weight: 4 })),
    down: alive(some({}, { state: 'down', weight: 2 }, {}, { weight: 3 })),
    single: alive(some({})),
    dead: withDead({}),
    tried: withDead({ maxFails: 3, weight: 2 }),
    always: withDead({ maxFails: 0, weight: 2 }),
  }
}

const backupScene = (ports: Ports): Scene => ({
  servers: [
    simulatedServer('x', `127.0.0.1:${ports.deaf}`, { failTimeout: 100 }),
    serverAt(ports, 0, { state: 'backup' }),
    serverAt(ports, 1, { state: 'backup', weight: 2 }),
  ],
  dead: ['x'],
})

const serverLine = ({
  address,
  weight,
  state,
  maxFails,
  failTimeout,
  route,
}: SimulatedServer): string =>
  `server ${address} weight=${weight} max_fails=${maxFails} fail_timeout=${failTimeout}s${
    state === 'up' ? '' : ` ${state}`
  }${route === '' ? '' : ` route=${route}`};`

const die = (model: Run, { dead }: Scene): Run => {
  for (const server of dead) model.happens({ kind: 'dies', server })
  return model
}

const caseOf = (named: Named, sceneName: string, scene: Scene): Case => ({
  folder: `${named.name}-${sceneName}`,
  directives: [named.directive],
  scene,
  model: () => die(named.start(scene), scene),
  isRandom: named.isRandom,
})

/** The release that is asked about every scene; the others about those that may differ. */
const newest = '1.30'

const scenesForAll = new Set(['weights', 'down', 'dead'])

const casesOf =
  (version: string) =>
  (ports: Ports): readonly Case[] =>
    methods.flatMap((named) => [
      ...Object.entries(scenesOf(ports))
        .filter(([name]) => version === newest || scenesForAll.has(name))
        .map(([name, scene]) => caseOf(named, name, scene)),
      ...(named.takesBackups ? [caseOf(named, 'backup', backupScene(ports))] : []),
    ])

const configOf = (port: number, ports: Ports, cases: readonly Case[]): string => `
keepalive_requests 1000000;
set_real_ip_from 127.0.0.1;
real_ip_header X-Client;
${ports.live.map((live, index) => `server { listen 127.0.0.1:${live}; return 200 ${letters[index]}; }`).join('\n')}
${cases
  .map(
    ({ folder, directives, scene }) =>
      `upstream ${folder} { ${directives[0] ?? ''} ${scene.servers.map(serverLine).join(' ')} ${directives.slice(1).join(' ')} keepalive 8; }`,
  )
  .join('\n')}
server {
  listen 127.0.0.1:${port};
  proxy_http_version 1.1;
  proxy_set_header Connection "";
  ${cases.map(({ folder }) => `location /${folder}/ { proxy_pass http://${folder}; }`).join('\n  ')}
}
`

const start = async (nginx: Server, casesFor: (ports: Ports) => readonly Case[]) => {
  const [port = 0, deaf = 0, ...live] = await freePorts(2 + letters.length)
  const ports = { live, deaf }
  const cases = casesFor(ports)
  await startNginx(nginx, { http: configOf(port, ports, cases) }, [port, ...live])
  return { port, cases, ports }
}

const clients = clientsOf(120, 11)

const manyClients = clientsOf(900, 12)

describe.each(['1.18', '1.22', '1.26', '1.30'])('nginx %s', (version) => {
  const needs = { nginx: findServer('nginx', version) }

  withServers(needs, 'serves each client as the models do', async ({ nginx }) => {
    const { port, cases } = await start(nginx, casesOf(version))
    for (const { folder, model, isRandom } of cases) {
      if (isRandom) {
        await expectSameShares(model, manyClients, folder, port, { first: 900, second: 9000 })
      } else {
        expectSame(model(), clients, folder, await servedBy(port, folder, clients))
      }
    }
  })
})

/** Every third client comes with a cookie of a server, in turn, or of none. */
const withCookies = (values: readonly string[]): readonly Client[] =>
  clients.map((client, index) => {
    const value = values[Math.floor(index / 3) % values.length] ?? ''
    return index % 3 === 0 ? client : { ...client, cookies: [{ name: 'srv', value }] }
  })

const routed = (ports: Ports): Scene => ({
  servers: [
    serverAt(ports, 0, { route: 'ra' }),
    serverAt(ports, 1, { route: 'rb', weight: 2 }),
    serverAt(ports, 2, { route: 'rc', state: 'down' }),
    simulatedServer('x', `127.0.0.1:${ports.deaf}`, { route: 'rx', failTimeout: 100 }),
    { ...serverAt(ports, 3, { route: 'rd' }), state: 'drain' },
  ],
  dead: ['x'],
})

const stickyModes = {
  cookie: { directive: 'sticky cookie srv path=/;', affinity: stickyCookie('srv') },
  route: { directive: 'sticky route $cookie_srv;', affinity: stickyRoute([cookieVariable('srv')]) },
} as const

const stickyMethods = {
  rr: { directive: '', method: methodOf(nextInTurn) },
  lc: { directive: 'least_conn;', method: leastConnections },
} as const

const stickyCases = (ports: Ports): readonly Case[] => {
  const scene = routed(ports)
  return Object.entries(stickyModes).flatMap(([modeName, { directive, affinity }]) => [
    ...Object.entries(stickyMethods).map(([name, each]) => ({
      folder: `${modeName}-${name}`,
      directives: [each.directive, directive],
      scene,
      model: () => die(run(nginxBlock(each.method, affinity), scene.servers), scene),
      isRandom: false,
    })),
    {
      folder: `${modeName}-ip`,
      directives: ['ip_hash;', directive],
      scene,
      model: () => die(run(nginxBlock(ipHash, affinity), scene.servers), scene),
      isRandom: false,
    },
    {
      folder: `${modeName}-hc`,
      directives: ['hash $arg_k consistent;', directive],
      scene,
      model: () =>
        die(run(nginxBlock(consistentHash(keyArgument), affinity), scene.servers), scene),
      isRandom: false,
    },
  ])
}

describe('nginx 1.30', () => {
  const needs = { nginx: findServer('nginx', '1.30') }

  withServers(needs, 'keeps sessions by "sticky" as the models do', async ({ nginx }) => {
    const { port, cases } = await start(nginx, stickyCases)
    const sent = withCookies(['ra', 'rb', 'rc', 'rd', 'rx', 'unknown', 'rb', 'rb'])
    for (const { folder, model } of cases)
      expectSame(model(), sent, folder, await servedBy(port, folder, sent))
    expect(cases.length).toBe(8)
  })

  withServers(needs, 'tries a dead server again after fail_timeout', async ({ nginx }) => {
    const { port, cases } = await start(nginx, (ports) => {
      const servers = [
        serverAt(ports, 0),
        simulatedServer('x', `127.0.0.1:${ports.deaf}`, { failTimeout: 1, weight: 3 }),
        serverAt(ports, 1, { weight: 2 }),
      ]
      const scene = { servers, dead: ['x'] }
      return methods
        .filter(({ isRandom }) => !isRandom)
        .map((named) => caseOf(named, 'late', scene))
    })
    const models = new Map(cases.map(({ folder, model }) => [folder, model()]))
    const few = clients.slice(0, 40)
    for (const time of [0, 3]) {
      if (time > 0) await pause(3000)
      for (const { folder } of cases) {
        const model = models.get(folder)
        const served = await servedBy(port, folder, few)
        if (model !== undefined) expectSame(model, few, folder, served, { time })
      }
    }
  })
})
