import { describe, expect, vi } from 'vitest'
import {
  byBusyness,
  byRequests,
  byTraffic,
  type Method,
} from '../../src/core/simulate/httpd/method.ts'
import { httpdBalancer } from '../../src/core/simulate/httpd/model.ts'
import type { StickySession } from '../../src/core/simulate/httpd/sticky-session.ts'
import { type Run, run } from '../../src/core/simulate/run.ts'
import { type SimulatedServer, simulatedServer } from '../../src/core/simulate/server.ts'
import { startApache } from './support/apache.ts'
import { freePorts } from './support/free-port.ts'
import { startNginx } from './support/nginx.ts'
import { findServer, withServers } from './support/servers.ts'
import {
  type Client,
  clientsOf,
  expectSame,
  expectSameCounts,
  type Scene,
  servedBy,
} from './support/simulated.ts'

vi.setConfig({ testTimeout: 300_000 })

interface Case {
  readonly folder: string
  readonly method: Method
  readonly methodName: string
  readonly sticky: StickySession | null
  readonly scene: Scene
}

const letters = 'abcdef'

/** Of each answer, which bytraffic counts. */
const bytes = 1000

const methods = { byrequests: byRequests, bytraffic: byTraffic, bybusyness: byBusyness } as const

const plain: StickySession = {
  cookie: 'srv',
  parameter: 'srv',
  endsAtSemicolon: false,
  isWhole: false,
  strict: false,
  ownCookie: null,
}

const stickies: Readonly<Record<string, StickySession | null>> = {
  none: null,
  dotted: plain,
  whole: { ...plain, isWhole: true },
  strict: { ...plain, strict: true },
}

const states = { up: '', drain: ' status=+N', down: ' status=+D', backup: ' status=+H' } as const

const memberLine = ({ address, weight, route, state, failTimeout }: SimulatedServer): string =>
  `BalancerMember http://${address} route=${route} loadfactor=${weight} retry=${failTimeout}${states[state]}`

const blockOf = ({ folder, methodName, sticky, scene }: Case): string => `
<Proxy "balancer://${folder}">
  ${scene.servers.map(memberLine).join('\n  ')}
  ProxySet lbmethod=${methodName}${
    sticky === null
      ? ''
      : ` stickysession=srv${sticky.isWhole ? ' stickysessionsep=Off' : ''}${sticky.strict ? ' nofailover=On' : ''}`
  }
</Proxy>
ProxyPass "/${folder}/" "balancer://${folder}/"`

const scenesOf = (live: readonly number[], deaf: number): Readonly<Record<string, Scene>> => {
  const at = (index: number, given: Partial<SimulatedServer> = {}): SimulatedServer => {
    const name = letters[index] ?? ''
    const standard = { route: `r${name}`, failTimeout: 100 }
    return simulatedServer(name, `127.0.0.1:${live[index] ?? 0}`, { ...standard, ...given })
  }
  const dead = simulatedServer('x', `127.0.0.1:${deaf}`, {
    route: 'rx',
    failTimeout: 100,
    weight: 2,
  })
  return {
    equal: { servers: [at(0), at(1), at(2)], dead: [] },
    weights: { servers: [at(0, { weight: 5 }), at(1), at(2, { weight: 2 })], dead: [] },
    down: { servers: [at(0), at(1, { state: 'down' }), at(2, { weight: 3 })], dead: [] },
    drain: { servers: [at(0), at(1, { state: 'drain', weight: 3 }), at(2)], dead: [] },
    dead: { servers: [at(0), dead, at(1, { weight: 3 })], dead: ['x'] },
    standby: {
      servers: [dead, at(0, { state: 'backup' }), at(1, { state: 'backup', weight: 2 })],
      dead: ['x'],
    },
  }
}

const values = ['1.ra', '1.rb', 'rb', '1.rx', '1.unknown', 'none', '1.rc', 'ra']

const clients: readonly Client[] = clientsOf(72, 31).map((client, index) => {
  const value = values[index % values.length] ?? ''
  return index % 3 === 0 ? client : { ...client, cookies: [{ name: 'srv', value }] }
})

const start = ({ method, sticky, scene }: Case): Run => {
  const model = run(httpdBalancer(method, sticky), scene.servers)
  for (const server of scene.dead) model.happens({ kind: 'dies', server })
  return model
}

describe('httpd 2.4', () => {
  const needs = { httpd: findServer('apache2', '2.4'), nginx: findServer('nginx', '1.22') }

  withServers(needs, 'serves each client as the models do', async ({ httpd, nginx }) => {
    const [port = 0, deaf = 0, ...live] = await freePorts(2 + letters.length)
    const cases: readonly Case[] = Object.entries(scenesOf(live, deaf)).flatMap(([name, scene]) =>
      Object.entries(methods).flatMap(([methodName, method]) =>
        Object.entries(stickies).map(([stickyName, sticky]) => ({
          folder: `${name}-${methodName}-${stickyName}`,
          method,
          methodName,
          sticky,
          scene,
        })),
      ),
    )
    const servers = live.map((at, index) => {
      const body = (letters[index] ?? '').repeat(bytes)
      return `server { listen 127.0.0.1:${at}; return 200 ${body}; }`
    })
    await startNginx(nginx, { http: `keepalive_requests 100000;\n${servers.join('\n')}` }, live)
    const config = `
Listen 127.0.0.1:${port}
MaxKeepAliveRequests 0
${cases.map(blockOf).join('\n')}`
    await startApache(httpd, config, [port])
    for (const each of cases) {
      const served = await servedBy(port, each.folder, clients)
      const names = served.map((body) => body.charAt(0))
      // httpd counts some of the bytes of a response only after the next request has its server.
      if (each.method === byTraffic)
        expectSameCounts(start(each), clients, each.folder, names, { most: 3, bytes })
      else expectSame(start(each), clients, each.folder, names)
    }
    expect(cases.length).toBe(72)
  })
})
