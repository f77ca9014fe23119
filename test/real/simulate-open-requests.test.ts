import { createServer, request as httpRequest, type ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, vi } from 'vitest'
import { none } from '../../src/core/simulate/haproxy/affinity.ts'
import { consistent, type RingIds } from '../../src/core/simulate/haproxy/consistent.ts'
import { defaultHashTypes, hashed } from '../../src/core/simulate/haproxy/hash-key.ts'
import { leastConnections as leastconn } from '../../src/core/simulate/haproxy/least-connections.ts'
import { haproxyBackend } from '../../src/core/simulate/haproxy/model.ts'
import { byBusyness } from '../../src/core/simulate/httpd/method.ts'
import { httpdBalancer } from '../../src/core/simulate/httpd/model.ts'
import { none as withoutAffinity } from '../../src/core/simulate/nginx/affinity.ts'
import { leastConnections } from '../../src/core/simulate/nginx/least-connections.ts'
import { methodOf } from '../../src/core/simulate/nginx/method.ts'
import { nginxBlock } from '../../src/core/simulate/nginx/model.ts'
import { nextInTurn } from '../../src/core/simulate/nginx/round-robin.ts'
import { nextBelow, randomFrom } from '../../src/core/simulate/random.ts'
import { type Open, type Run, run } from '../../src/core/simulate/run.ts'
import { type SimulatedServer, simulatedServer } from '../../src/core/simulate/server.ts'
import { startApache } from './support/apache.ts'
import { atEnd } from './support/cleanup.ts'
import { freePorts } from './support/free-port.ts'
import { startHaproxy } from './support/haproxy.ts'
import { startNginx } from './support/nginx.ts'
import { findServer, withServers } from './support/servers.ts'
import { clientsOf, keyArgument, requestOf } from './support/simulated.ts'

vi.setConfig({ testTimeout: 120_000 })

const letters = 'abcd'

/** A request that has arrived at a server, which answers when it is told to. */
interface Arrived {
  readonly server: string
  readonly response: ServerResponse
}

/** Servers that do not answer by themselves. */
const startHolding = async (ports: readonly number[]) => {
  const waiting = new Map<string, (arrived: Arrived) => void>()
  for (const [index, port] of ports.entries()) {
    const server = createServer({ keepAliveTimeout: 0 }, ({ headers }, response) =>
      waiting.get(String(headers['x-number']))?.({ server: letters[index] ?? '', response }),
    )
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    const close = (): void => {
      server.close()
      server.closeAllConnections()
    }
    atEnd({ cleanUp: async () => close(), abandon: close })
  }
  let count = 0
  /** Sends a request. @returns its server, and what ends it. */
  return async (port: number, path: string) => {
    const number = String(++count)
    const arrived = new Promise<Arrived>((resolve) => waiting.set(number, resolve))
    const options = { port, host: '127.0.0.1', path, agent: false, headers: { 'X-Number': number } }
    const ended = new Promise<void>((resolve, reject) => {
      httpRequest(options, (response) => response.resume().once('end', resolve))
        .once('error', reject)
        .end()
    })
    const refused = ended.then(() => Promise.reject(new Error(`${path}: no server was asked`)))
    const { server, response } = await Promise.race([arrived, refused])
    return {
      server,
      end: async () => {
        response.end('x')
        await ended
      },
    }
  }
}

const steps = 50
const mostOpen = 12

interface Both {
  readonly real: { readonly end: () => Promise<void> }
  readonly model: Open
}

/** Requests that begin and end in an order by chance: some are open while others are served. */
const expectSameWhileOpen = async (
  send: Awaited<ReturnType<typeof startHolding>>,
  port: number,
  folder: string,
  model: Run,
): Promise<void> => {
  const random = randomFrom(folder.length * 7919)
  const open: Both[] = []
  const names: { real: string[]; model: (string | null)[] } = { real: [], model: [] }
  const endOne = async (): Promise<void> => {
    const [one] = open.splice(nextBelow(random, open.length), 1)
    if (one === undefined) return
    await one.real.end()
    one.model.end({ setCookies: [], bytes: 1 })
    // A proxy counts the request as ended after the client has the response.
    await pause(20)
  }
  for (const client of clientsOf(steps, 5)) {
    while (open.length > 0 && (open.length === mostOpen || nextBelow(random, 100) < 40))
      await endOne()
    const begun = model.begin(requestOf(client, folder))
    const real = await send(port, `/${folder}/?k=${client.key}`)
    open.push({ real, model: begun })
    names.real.push(real.server)
    names.model.push(begun.answer.server)
  }
  while (open.length > 0) await endOne()
  expect({ folder, names: names.model }).toEqual({ folder, names: names.real })
}

const serversAt = (
  live: readonly number[],
  given: readonly Partial<SimulatedServer>[],
): readonly SimulatedServer[] =>
  given.map((each, index) =>
    simulatedServer(letters[index] ?? '', `127.0.0.1:${live[index] ?? 0}`, each),
  )

const weights = [{ weight: 3 }, {}, { weight: 2 }, {}]
const limits = [{ maxConns: 2 }, { weight: 2 }, { maxConns: 1, weight: 3 }, {}]

describe('nginx 1.30', () => {
  const needs = { nginx: findServer('nginx', '1.30') }

  withServers(needs, 'with open requests, selects as the models do', async ({ nginx }) => {
    const [port = 0, ...live] = await freePorts(1 + letters.length)
    const send = await startHolding(live)
    const cases = [
      { folder: 'lc-weights', method: leastConnections, servers: serversAt(live, weights) },
      { folder: 'lc-limits', method: leastConnections, servers: serversAt(live, limits) },
      { folder: 'rr-limits', method: methodOf(nextInTurn), servers: serversAt(live, limits) },
    ]
    const blocks = cases.map(({ folder, method, servers }) => {
      const lines = servers.map(
        ({ address, weight, maxConns }) =>
          `server ${address} weight=${weight} max_conns=${maxConns};`,
      )
      const directive = method === leastConnections ? 'least_conn;' : ''
      return `upstream ${folder} { zone ${folder} 256k; ${directive} ${lines.join(' ')} }`
    })
    const locations = cases.map(
      ({ folder }) => `location /${folder}/ { proxy_pass http://${folder}; }`,
    )
    const http = `${blocks.join('\n')}\nserver { listen 127.0.0.1:${port}; ${locations.join(' ')} }`
    await startNginx(nginx, { http }, [port])
    for (const { folder, method, servers } of cases)
      await expectSameWhileOpen(
        send,
        port,
        folder,
        run(nginxBlock(method, withoutAffinity), servers),
      )
  })
})

const byKey = hashed(keyArgument, defaultHashTypes.consistent)

describe.each<[string, RingIds]>([
  ['2.6', 'spaced'],
  ['3.0', 'mixed'],
])('HAProxy %s', (version, ids) => {
  const needs = { haproxy: findServer('haproxy', version) }

  withServers(needs, 'with open requests, selects as the models do', async ({ haproxy }) => {
    const [port = 0, ...live] = await freePorts(1 + letters.length)
    const send = await startHolding(live)
    const servers = serversAt(live, weights)
    const bounded = (factor: number): Run =>
      run(haproxyBackend(consistent(byKey, factor, ids), none), servers)
    const cases: readonly { folder: string; lines: readonly string[]; model: Run }[] = [
      {
        folder: 'leastconn',
        lines: ['balance leastconn'],
        model: run(haproxyBackend(leastconn, none), servers),
      },
      ...[101, 150].map((factor) => ({
        folder: `bounded-${factor}`,
        lines: [
          'balance hash url_param(k)',
          'hash-type consistent',
          `hash-balance-factor ${factor}`,
        ],
        model: bounded(factor),
      })),
    ]
    const serverLines = servers.map(
      ({ name, address, weight }) => `server ${name} ${address} weight ${weight}`,
    )
    const config = `
global
  nbthread 1
defaults
  mode http
  timeout client 50s
  timeout server 50s
  timeout connect 1s
frontend proxy
  bind 127.0.0.1:${port}
  use_backend %[path,field(2,/)]
${cases
  .map(({ folder, lines }) => `backend ${folder}\n  ${[...lines, ...serverLines].join('\n  ')}`)
  .join('\n')}
`
    await startHaproxy(haproxy, config, [port])
    for (const { folder, model } of cases) await expectSameWhileOpen(send, port, folder, model)
  })
})

describe('httpd 2.4', () => {
  const needs = { httpd: findServer('apache2', '2.4') }

  withServers(needs, 'with open requests, selects as the models do', async ({ httpd }) => {
    const [port = 0, ...live] = await freePorts(1 + letters.length)
    const send = await startHolding(live)
    const servers = serversAt(live, weights)
    const members = servers.map(
      ({ address, weight }) => `BalancerMember http://${address} loadfactor=${weight}`,
    )
    const config = `
Listen 127.0.0.1:${port}
<Proxy "balancer://busy">
  ${members.join('\n  ')}
  ProxySet lbmethod=bybusyness
</Proxy>
ProxyPass "/busy/" "balancer://busy/"`
    await startApache(httpd, config, [port])
    await expectSameWhileOpen(send, port, 'busy', run(httpdBalancer(byBusyness, null), servers))
  })
})
