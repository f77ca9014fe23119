// CPU time of a selection by each model of `src/core/simulate`, on one core, with few and with many servers.

import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** Selections in a second of CPU time. */
const least = 2_000_000
const picks = Number(process.argv[2] ?? 1_000_000)
const turns = 3

const entry = `
export { run } from './run.ts'
export { simulatedServer } from './server.ts'
export { clientAddress } from './request.ts'
export { nginxBlock } from './nginx/model.ts'
export { none } from './nginx/affinity.ts'
export { methodOf } from './nginx/method.ts'
export { nextInTurn } from './nginx/round-robin.ts'
export { ipHash } from './nginx/ip-hash.ts'
export { hash } from './nginx/hash.ts'
export { consistentHash } from './nginx/consistent-hash.ts'
export { leastConnections } from './nginx/least-connections.ts'
export { random } from './nginx/random-servers.ts'
export { stickyCookie } from './nginx/sticky.ts'
export { jvmRoute } from './nginx/jvm-route.ts'
export { maps } from './nginx/maps.ts'
export { sessionRoutes } from './session-id.ts'
export { haproxyBackend } from './haproxy/model.ts'
export { none as withoutAffinity } from './haproxy/affinity.ts'
export { roundRobin } from './haproxy/round-robin.ts'
export { leastConnections as leastconn } from './haproxy/least-connections.ts'
export { mapBased } from './haproxy/map.ts'
export { consistent } from './haproxy/consistent.ts'
export { source, hashed } from './haproxy/hash-key.ts'
export { cookie } from './haproxy/cookie.ts'
export { httpdBalancer } from './httpd/model.ts'
export { byRequests } from './httpd/method.ts'
`

const { outputFiles } = await build({
  stdin: {
    contents: entry,
    resolveDir: fileURLToPath(new URL('../src/core/simulate', import.meta.url)),
    loader: 'ts',
  },
  bundle: true,
  write: false,
  platform: 'node',
  format: 'esm',
})
const text = outputFiles[0]?.text ?? ''
const m = await import(`data:text/javascript;base64,${Buffer.from(text).toString('base64')}`)

const session = { cookie: 'JSESSIONID', url: 'jsessionid', reverse: true, strict: false }
const uri = (request) => request.uri
const roundRobin = m.methodOf(m.nextInTurn)
const insert = m.cookie({ name: 'srv', mode: 'insert', strict: false })
const inHttpd = {
  cookie: 'JSESSIONID',
  parameter: 'jsessionid',
  endsAtSemicolon: true,
  isWhole: false,
  strict: false,
  ownCookie: null,
}

/** Each with the model for servers with these routes. */
const models = {
  'nginx round robin': () => m.nginxBlock(roundRobin, m.none),
  'nginx ip_hash': () => m.nginxBlock(m.ipHash, m.none),
  'nginx hash': () => m.nginxBlock(m.hash(uri), m.none),
  'nginx hash consistent': () => m.nginxBlock(m.consistentHash(uri), m.none),
  'nginx least_conn': () => m.nginxBlock(m.leastConnections, m.none),
  'nginx random': () => m.nginxBlock(m.random, m.none),
  'nginx sticky cookie': () => m.nginxBlock(roundRobin, m.stickyCookie('srv')),
  'nginx jvm_route': (routes) =>
    m.nginxBlock(roundRobin, m.jvmRoute({ ...session, weighted: true }, routes)),
  'nginx maps': () => m.maps(roundRobin, { routes: m.sessionRoutes(session), strict: false }),
  'HAProxy roundrobin': () => m.haproxyBackend(m.roundRobin, m.withoutAffinity),
  'HAProxy leastconn': () => m.haproxyBackend(m.leastconn, m.withoutAffinity),
  'HAProxy source, map': () =>
    m.haproxyBackend(m.mapBased(m.source({ avalanche: false })), m.withoutAffinity),
  'HAProxy hash, ring': () =>
    m.haproxyBackend(
      m.consistent(m.hashed(uri, { function: 'sdbm', avalanche: true })),
      m.withoutAffinity,
    ),
  'HAProxy cookie': () => m.haproxyBackend(m.roundRobin, insert),
  'httpd byrequests': () => m.httpdBalancer(m.byRequests, null),
  'httpd stickysession': () => m.httpdBalancer(m.byRequests, inHttpd),
}

/** @param {number} count */
const serversOf = (count) =>
  Array.from({ length: count }, (_, index) =>
    m.simulatedServer(`s${index}`, `10.0.${index >> 8}.${index & 255}:8080`, {
      route: `s${index}`,
    }),
  )

/** @param {number} servers */
const requestsOf = (servers) =>
  Array.from({ length: 4096 }, (_, index) => ({
    address: m.clientAddress(`10.${index & 255}.${index >> 4}.7`),
    cookies: [
      { name: 'JSESSIONID', value: `3F2A.s${index % servers}` },
      { name: 'srv', value: `s${index % servers}` },
    ],
    uri: `/shop/${index * 7919}`,
    time: 0,
  }))

/** Millions of selections in a second, the best of some turns. */
const speedOf = (model, count) => {
  const servers = serversOf(count)
  const proxy = m.run(model(new Set(servers.map(({ route }) => route))), servers)
  const requests = requestsOf(count)
  let best = 0
  for (let turn = 0; turn < turns; turn++) {
    const started = process.cpuUsage()
    for (let pick = 0; pick < picks; pick++) proxy.serve(requests[pick & 4095])
    best = Math.max(best, picks / process.cpuUsage(started).user)
  }
  return best
}

let isSlow = false
for (const [name, model] of Object.entries(models)) {
  const few = speedOf(model, 4)
  isSlow ||= few * 1e6 < least
  process.stdout.write(`${name.padEnd(24)} ${few.toFixed(2)} million a second\n`)
}
if (isSlow) process.exitCode = 1
