import { describe, expect } from 'vitest'
import { consistentHash } from '../../src/core/simulate/nginx/consistent-hash.ts'
import { jvmRoute } from '../../src/core/simulate/nginx/jvm-route.ts'
import { leastConnections } from '../../src/core/simulate/nginx/least-connections.ts'
import { maps } from '../../src/core/simulate/nginx/maps.ts'
import { methodOf } from '../../src/core/simulate/nginx/method.ts'
import { nginxBlock, nginxMethod } from '../../src/core/simulate/nginx/model.ts'
import { nextInTurn } from '../../src/core/simulate/nginx/round-robin.ts'
import { newIds, useridKey } from '../../src/core/simulate/nginx/userid.ts'
import { type Run, run } from '../../src/core/simulate/run.ts'
import { type SimulatedServer, simulatedServer } from '../../src/core/simulate/server.ts'
import { sessionRoutes } from '../../src/core/simulate/session-id.ts'
import { findVariant } from '../module/support/variants.ts'
import { freePorts } from './support/free-port.ts'
import { startNginx } from './support/nginx.ts'
import { pipelined } from './support/pipelined.ts'
import { artifactOf } from './support/proxied.ts'
import { findServer, withServers } from './support/servers.ts'
import { type Client, clientsOf, expectSame, requestOf, servedBy } from './support/simulated.ts'

const letters = 'abcde'

const session = { cookie: 'JSESSIONID', url: 'jsessionid', reverse: true } as const

const roundRobin = methodOf(nextInTurn)

const sessions = ['1.ra', '2.rb', '3.rc', '4.rx', '5.re', '6.unknown', 'none', '7.rb', '8.x.ra']

/** Every third client is new. */
const clients: readonly Client[] = clientsOf(135, 41).map((client, index) => {
  const value = sessions[index % sessions.length] ?? ''
  return index % 3 === 1 ? client : { ...client, cookies: [{ name: 'JSESSIONID', value }] }
})

/** x does not answer, and is tried once; d is down, e is drained. */
const serversAt = (live: readonly number[], deaf: number): readonly SimulatedServer[] => {
  const at = (index: number, given: Partial<SimulatedServer>): SimulatedServer => {
    const name = letters[index] ?? ''
    return simulatedServer(name, `127.0.0.1:${live[index] ?? 0}`, { route: `r${name}`, ...given })
  }
  return [
    at(0, {}),
    at(1, { weight: 3 }),
    at(2, {}),
    simulatedServer('x', `127.0.0.1:${deaf}`, { route: 'rx' }),
    at(3, { state: 'down' }),
    at(4, { state: 'drain' }),
  ]
}

const backendsAt = (live: readonly number[]): string =>
  live
    .map((at, index) => `server { listen 127.0.0.1:${at}; return 200 ${letters[index]}; }`)
    .join('\n')

const withoutX = (model: Run): Run => {
  model.happens({ kind: 'dies', server: 'x' })
  return model
}

const routes = new Set(['ra', 'rb', 'rc', 'rd', 're', 'rx'])

const methods = {
  rr: { line: '', method: roundRobin, weighted: true },
  lc: { line: 'least_conn;', method: leastConnections, weighted: true },
} as const

describe.each(['1.18', '1.22', '1.28'])('the jvm_route module in nginx %s', (version) => {
  const needs = { nginx: findVariant(version, 'static') }

  withServers(needs, 'serves each session as the model does', async ({ nginx }) => {
    const [port = 0, deaf = 0, ...live] = await freePorts(2 + letters.length)
    const servers = serversAt(live, deaf)
    const line = ({ address, weight, state, route }: SimulatedServer): string =>
      `server ${address} weight=${weight} srun_id=${route}${state === 'up' ? '' : ` ${state}`};`
    const blocks = Object.entries(methods).flatMap(([name, each]) =>
      [false, true].map((strict) => ({ ...each, strict, folder: `${name}-${strict}` })),
    )
    const http = `
keepalive_requests 100000;
${backendsAt(live)}
${blocks
  .map(
    ({ folder, line: method, strict }) =>
      `upstream ${folder} { ${method} ${servers.map(line).join(' ')} jvm_route $cookie_JSESSIONID|jsessionid reverse${strict ? ' strict' : ''}; }`,
  )
  .join('\n')}
server {
  listen 127.0.0.1:${port};
  ${blocks.map(({ folder }) => `location /${folder}/ { proxy_pass http://${folder}; }`).join('\n')}
}`
    await startNginx(nginx, { main: nginx.loadModule, http }, [port, ...live])
    for (const { folder, method, weighted, strict } of blocks) {
      const affinity = jvmRoute({ ...session, strict, weighted }, routes)
      const model = withoutX(run(nginxBlock(method, affinity), servers))
      expectSame(model, clients, folder, await servedBy(port, folder, clients))
    }
  })
})

/** A spec for nginx, with the servers of the scene. */
const specOf = (
  version: string,
  port: number,
  servers: readonly SimulatedServer[],
  affinity: string,
): string => `
version: 1
name: test
targets: { nginx: { version: "${version}" } }
frontends:
  web: { listen: ["127.0.0.1:${port}"], locations: [{ match: /, upstream: app }] }
upstreams:
  app:
    affinity: ${affinity}
    servers:
${servers
  .map(
    ({ name, address, weight, route, state }) =>
      `      ${name}: { address: "${address}", weight: ${weight}, route: ${route}, state: ${state} }`,
  )
  .join('\n')}
`

describe.each(['1.18', '1.26'])('nginx %s without modules', (version) => {
  const needs = { nginx: findServer('nginx', version) }

  withServers(needs, 'serves each session by maps as the model does', async ({ nginx }) => {
    for (const strict of [false, true]) {
      const [port = 0, deaf = 0, ...live] = await freePorts(2 + letters.length)
      const servers = serversAt(live, deaf)
      const affinity = `{ method: jvm_route, via: maps${strict ? ', onFailure: strict' : ''} }`
      const spec = specOf(nginx.version, port, servers, affinity)
      const http = `keepalive_requests 100000;\n${artifactOf(spec, 'nginx/test.conf')}\n${backendsAt(live)}`
      await startNginx(nginx, { http }, [port, ...live])
      const model = withoutX(
        run(maps(roundRobin, { routes: sessionRoutes(session), strict }), servers),
      )
      expectSame(model, clients, `maps-${strict}`, await servedBy(port, 'x', clients))
    }
  })

  withServers(needs, 'hashes the ids of userid as the model does', async ({ nginx }) => {
    const [port = 0, , ...live] = await freePorts(2 + letters.length)
    const servers = live.map((at, index) =>
      simulatedServer(letters[index] ?? '', `127.0.0.1:${at}`, {
        route: `r${letters[index]}`,
        weight: 1 + index,
      }),
    )
    const affinity = '{ method: sticky, by: cookie, cookie: srv, via: maps }'
    const spec = specOf(nginx.version, port, servers, affinity)
    const http = `keepalive_requests 100000;\n${artifactOf(spec, 'nginx/test.conf')}\n${backendsAt(live)}`
    await startNginx(nginx, { http }, [port, ...live])
    const model = run(nginxMethod(consistentHash(useridKey('srv', newIds(1)))), servers)
    const told = await pipelined(
      port,
      clients.map(() => ({ path: '/' })),
    )
    const known = told.map(({ headers }): Client => {
      const value = headers.map((line) => /^set-cookie: srv=([^;]*)/i.exec(line)?.[1]).find(Boolean)
      return { address: '127.0.0.1', key: '', cookies: [{ name: 'srv', value: value ?? '' }] }
    })
    expect(new Set(known.map(({ cookies }) => cookies[0]?.value)).size).toBe(clients.length)
    const first = told.map(({ body }) => body)
    expect(await servedBy(port, 'x', known)).toEqual(first)
    expect(known.map((client) => model.serve(requestOf(client, 'x')).server)).toEqual(first)
  })
})
