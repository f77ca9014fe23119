import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, vi } from 'vitest'
import { cookie } from '../../src/core/simulate/haproxy/cookie.ts'
import { haproxyBackend } from '../../src/core/simulate/haproxy/model.ts'
import { roundRobin } from '../../src/core/simulate/haproxy/round-robin.ts'
import { stickTable } from '../../src/core/simulate/haproxy/stick-table.ts'
import { leastConnections } from '../../src/core/simulate/nginx/least-connections.ts'
import { methodOf } from '../../src/core/simulate/nginx/method.ts'
import { nginxBlock } from '../../src/core/simulate/nginx/model.ts'
import { nextInTurn } from '../../src/core/simulate/nginx/round-robin.ts'
import {
  cookieVariable,
  stickyLearn,
  upstreamCookie,
} from '../../src/core/simulate/nginx/sticky.ts'
import { type Cookie, clientAddress, cookieValue } from '../../src/core/simulate/request.ts'
import { type Run, run } from '../../src/core/simulate/run.ts'
import { type SimulatedServer, simulatedServer } from '../../src/core/simulate/server.ts'
import { freePorts } from './support/free-port.ts'
import { startHaproxy } from './support/haproxy.ts'
import { startNginx } from './support/nginx.ts'
import { pipelined } from './support/pipelined.ts'
import { findServer, withServers } from './support/servers.ts'

vi.setConfig({ testTimeout: 120_000 })

const letters = 'abcd'

const serversAt = (live: readonly number[]): readonly SimulatedServer[] =>
  (
    [
      { route: 'ra' },
      { route: 'rb', weight: 2 },
      { route: 'rc', state: 'down' },
      { route: 'rd', weight: 3 },
    ] as const
  ).map((given, index) =>
    simulatedServer(letters[index] ?? '', `127.0.0.1:${live[index] ?? 0}`, given),
  )

/** A request of a client, and the session that the application begins with its response; null: none. */
interface Turn {
  readonly sent: string | null
  readonly begins: string | null
}

const cookiesOf = ({ sent }: Turn): readonly Cookie[] =>
  sent === null ? [] : [{ name: 'srv', value: sent }]

interface Heard {
  readonly server: string
  /** The value of the cookie as the client gets it; null: none. */
  readonly cookie: string | null
}

const heardFrom = async (
  port: number,
  folder: string,
  turns: readonly Turn[],
): Promise<readonly Heard[]> => {
  const told = await pipelined(
    port,
    turns.map(({ sent, begins }) => ({
      path: `/${folder}/?set=${begins ?? ''}`,
      headers: sent === null ? {} : { Cookie: `srv=${sent}` },
    })),
  )
  return told.map(({ status, body, headers }) => ({
    server: status === 200 ? body : '-',
    cookie:
      headers.map((line) => /^set-cookie: *srv=([^;]*)/i.exec(line)?.[1]).find(Boolean) ?? null,
  }))
}

const heardBy = (model: Run, turns: readonly Turn[], time: number): readonly Heard[] =>
  turns.map((turn) => {
    const request = {
      address: clientAddress('127.0.0.1'),
      cookies: cookiesOf(turn),
      uri: '/',
      time,
    }
    const setCookies = turn.begins === null ? [] : [{ name: 'srv', value: turn.begins }]
    const { server, cookies } = model.serve(request, { setCookies, bytes: 1 })
    return { server: server ?? '-', cookie: cookieValue(cookies, 'srv') }
  })

/** What a proxy and its model do with sessions that begin, go on, and are unknown. */
const expectSameSessions = async (port: number, folder: string, model: Run): Promise<void> => {
  const both = async (turns: readonly Turn[], time = 0): Promise<readonly Heard[]> => {
    const real = await heardFrom(port, folder, turns)
    expect({ folder, heard: heardBy(model, turns, time) }).toEqual({ folder, heard: real })
    return real
  }
  const begun = await both(
    Array.from({ length: 24 }, (_, index) => ({ sent: null, begins: `s${index}` })),
  )
  const values = begun.map(({ cookie }) => cookie)
  expect(values).not.toContain(null)
  // In another order, and with others between them.
  const later = values.flatMap((sent, index): readonly Turn[] => [
    { sent: values[(index * 7) % values.length] ?? null, begins: null },
    ...(index % 3 === 0 ? [{ sent: null, begins: null }] : []),
    ...(index % 5 === 0 ? [{ sent: `unknown${index}`, begins: null }] : []),
    ...(index % 6 === 0 ? [{ sent, begins: `t${index}` }] : []),
  ])
  await both(later)
}

const proxyConfig = (port: number, live: readonly number[], backends: string): string => `
global
  nbthread 1
defaults
  mode http
  timeout client 50s
  timeout server 5s
  timeout connect 1s
${live
  .map(
    (at, index) => `frontend server-${letters[index]}
  bind 127.0.0.1:${at}
  http-request return status 200 content-type text/plain string ${letters[index]} hdr Set-Cookie srv=%[url_param(set)] if { url_param(set) -m len gt 0 }
  http-request return status 200 content-type text/plain string ${letters[index]}`,
  )
  .join('\n')}
frontend proxy
  bind 127.0.0.1:${port}
  use_backend %[path,field(2,/)]
${backends}`

const serverLine = ({ name, address, weight, state, route }: SimulatedServer): string =>
  `server ${name} ${address} weight ${weight} cookie ${route}${state === 'down' ? ' disabled' : ''}`

/** Seconds until an entry of the table is forgotten. */
const expire = 4

const tableLines = [
  `stick-table type string len 128 size 1k expire ${expire}s`,
  'stick on req.cook(srv)',
  'stick store-response res.cook(srv)',
]

const table = stickTable({
  lookups: [({ cookies }) => cookieValue(cookies, 'srv')],
  creates: [({ setCookies }) => cookieValue(setCookies, 'srv')],
  expire,
  size: 1000,
  peers: false,
})

describe.each(['2.2', '3.2'])('HAProxy %s', (version) => {
  const needs = { haproxy: findServer('haproxy', version) }

  withServers(needs, 'begins and keeps sessions as the models do', async ({ haproxy }) => {
    const [port = 0, ...live] = await freePorts(1 + letters.length)
    const servers = serversAt(live)
    const modes = ['prefix', 'rewrite'] as const
    const backendOf = (name: string, lines: readonly string[]): string =>
      `backend ${name}\n  ${['balance roundrobin', ...lines, ...servers.map(serverLine)].join('\n  ')}`
    const backends = [
      ...modes.map((mode) => backendOf(mode, [`cookie srv ${mode}`])),
      backendOf('table', tableLines),
    ]
    await startHaproxy(haproxy, proxyConfig(port, live, `${backends.join('\n')}\n`), [
      port,
      ...live,
    ])
    for (const mode of modes) {
      const affinity = cookie({ name: 'srv', mode, strict: false })
      await expectSameSessions(port, mode, run(haproxyBackend(roundRobin, affinity), servers))
    }
    const model = run(haproxyBackend(roundRobin, table), servers)
    await expectSameSessions(port, 'table', model)
    // Entries that were not used for longer are forgotten.
    await pause((expire + 1) * 1000)
    const known = Array.from({ length: 24 }, (_, index) => ({ sent: `s${index}`, begins: null }))
    const real = await heardFrom(port, 'table', known)
    expect(heardBy(model, known, expire + 1)).toEqual(real)
  })
})

describe('nginx 1.30', () => {
  const needs = { nginx: findServer('nginx', '1.30') }

  withServers(needs, 'learns sessions as the models do', async ({ nginx }) => {
    const [port = 0, ...live] = await freePorts(1 + letters.length)
    const servers = serversAt(live)
    const lines = servers.map(
      ({ address, weight, state }) =>
        `server ${address} weight=${weight}${state === 'down' ? ' down' : ''};`,
    )
    const methods = {
      rr: ['', methodOf(nextInTurn)],
      lc: ['least_conn;', leastConnections],
    } as const
    const blocks = Object.entries(methods).map(
      ([name, [directive]]) => `upstream ${name} {
  zone ${name} 256k; ${directive} ${lines.join(' ')}
  sticky learn create=$upstream_cookie_srv lookup=$cookie_srv zone=sessions-${name}:1m;
}`,
    )
    const http = `keepalive_requests 100000;
map $arg_set $begun { "" ""; default "srv=$arg_set"; }
${live.map((at, index) => `server { listen 127.0.0.1:${at}; add_header Set-Cookie $begun; return 200 ${letters[index]}; }`).join('\n')}
${blocks.join('\n')}
server {
  listen 127.0.0.1:${port};
  ${Object.keys(methods)
    .map((name) => `location /${name}/ { proxy_pass http://${name}; }`)
    .join('\n  ')}
}`
    await startNginx(nginx, { http }, [port, ...live])
    const learning = {
      lookup: [cookieVariable('srv')],
      create: [upstreamCookie('srv')],
      timeout: 600,
      capacity: 4000,
    }
    for (const [name, [, method]] of Object.entries(methods))
      await expectSameSessions(port, name, run(nginxBlock(method, stickyLearn(learning)), servers))
  })
})
