// CPU time and memory of whole `sessctl simulate` commands: many clients, and 10,000 servers of which one dies,
// with every method of each proxy. A word, such as `httpd`: only the forms that begin with it.

import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inTemporaryFolder, sessctlArgv } from './command-line.mjs'

/** Milliseconds for 100,000 clients and the events that are simulated without --event. */
const limitOfClients = 2000
/** How often the CPU time may grow when there are ten times as many servers. */
const limitOfServers = 13
/** How often the memory may grow, without that of an empty run, when there is twice as much of one thing. */
const limitOfMemory = 2.3

const used = `data:text/javascript,${encodeURIComponent(
  `import { writeSync } from 'node:fs'
process.on('exit', () => writeSync(2, JSON.stringify(process.resourceUsage())))`,
)}`

/** @param {string} spec @param {readonly string[]} options */
const usageOf = (spec, options) => {
  const [node = '', ...command] = sessctlArgv(['simulate', spec, ...options])
  const run = spawnSync(node, ['--import', used, ...command], {
    encoding: 'utf8',
    timeout: 300_000,
  })
  if (run.status !== 0) throw new Error(run.stderr)
  const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(run.stderr)
  return { cpu: (userCPUTime + systemCPUTime) / 1000, megabytes: maxRSS / 1024 }
}

/** The least of three. @param {string} spec @param {readonly string[]} options */
const bestOf = (spec, options) => {
  const runs = [1, 2, 3].map(() => usageOf(spec, options))
  return {
    cpu: Math.min(...runs.map(({ cpu }) => cpu)),
    megabytes: Math.min(...runs.map(({ megabytes }) => megabytes)),
  }
}

/** @typedef {{ proxy: string, affinity: string, balance?: string, version?: string }} Form */

const byAddress = 'key: "$remote_addr"'
const learn = 'by: learn, create: ["$upstream_cookie_JSESSIONID"], lookup: ["$cookie_JSESSIONID"]'
const withModule = '{ version: "1.26.3", modules: [jvm_route] }'

/** @param {string} proxy @param {readonly string[]} affinities @returns {Record<string, Form>} */
const formsOf = (proxy, affinities) =>
  Object.fromEntries(
    affinities.map((affinity) => [
      `${proxy} ${affinity.replace('method: ', '')}`,
      { proxy, affinity },
    ]),
  )

const affinities = [
  'method: none',
  'method: ip_hash',
  `method: hash, ${byAddress}`,
  `method: hash, consistent: true, ${byAddress}`,
  'method: jvm_route',
  'method: sticky, by: cookie, cookie: srv',
  `method: sticky, ${learn}`,
]

/** @type {Record<string, Form>} */
const forms = {
  ...formsOf('nginx', affinities),
  'nginx jvm_route, module': { proxy: 'nginx', affinity: 'method: jvm_route', version: withModule },
  'nginx least_conn': { proxy: 'nginx', affinity: 'method: none', balance: 'least_conn' },
  'nginx random': { proxy: 'nginx', affinity: 'method: none', balance: 'random' },
  ...formsOf('haproxy', affinities),
  'haproxy leastconn': { proxy: 'haproxy', affinity: 'method: none', balance: 'least_conn' },
  'haproxy random': { proxy: 'haproxy', affinity: 'method: none', balance: 'random' },
  ...formsOf('httpd', [
    'method: none',
    'method: jvm_route',
    'method: sticky, by: cookie, cookie: srv',
  ]),
  'httpd bybusyness': { proxy: 'httpd', affinity: 'method: none', balance: 'least_conn' },
}

const versions = {
  nginx: '{ version: "1.30.6" }',
  haproxy: '{ version: "3.2" }',
  httpd: '{ version: "2.4" }',
}

/** @param {Form} form @param {number} servers */
const specOf = (
  { proxy, affinity, balance = 'round_robin', version = versions[proxy] },
  servers,
) => `version: 1
name: scale
targets: { ${proxy}: ${version} }
frontends:
  web: { listen: [8080], locations: [{ match: /, upstream: app }] }
upstreams:
  app:
    affinity: { ${affinity} }
    balance: ${balance}
    app: { runtime: tomcat, version: "10.1.40" }
    servers:
${Array.from(
  { length: servers },
  (_, index) => `      s${index}: 10.${index >> 16}.${(index >> 8) & 255}.${index & 255}:8080\n`,
).join('')}`

const [, , only = ''] = process.argv

let isOver = false

/** @param {string} what @param {string} figures @param {boolean} isGood */
const print = (what, figures, isGood) => {
  isOver ||= !isGood
  process.stdout.write(`${what.padEnd(62)} ${figures}  ${isGood ? 'ok' : 'OVER'}\n`)
}

/**
 * Many clients, and the memory of clients and of servers.
 * @param {string} few a spec with few servers @param {(servers: number) => string} specWith
 */
const measure = (few, specWith) => {
  const { cpu } = bestOf(few, ['--clients', '100000'])
  print('100,000 clients, the usual events', `${cpu.toFixed(0)} ms`, cpu <= limitOfClients)

  const [empty, ...bySize] = [1, 25_000, 50_000, 100_000, 200_000].map((clients) =>
    bestOf(few, ['--clients', String(clients)]),
  )
  for (const [index, clients] of [25_000, 50_000, 100_000, 200_000].entries()) {
    const own = (bySize[index]?.megabytes ?? 0) - (empty?.megabytes ?? 0)
    const before = (bySize[index - 1]?.megabytes ?? 0) - (empty?.megabytes ?? 0)
    print(
      `${clients} clients`,
      `${bySize[index]?.megabytes.toFixed(0)} MB, ${own.toFixed(0)} MB more than 1 client`,
      index === 0 || own <= limitOfMemory * before,
    )
  }
  const sizes = [100, 1000, 10_000].map((servers) => bestOf(specWith(servers), []))
  for (const [index, servers] of [100, 1000, 10_000].entries()) {
    const own = (sizes[index]?.megabytes ?? 0) - (empty?.megabytes ?? 0)
    const before = (sizes[index - 1]?.megabytes ?? 0) - (empty?.megabytes ?? 0)
    print(
      `${servers} servers, 10,000 clients`,
      `${sizes[index]?.megabytes.toFixed(0)} MB`,
      index === 0 || own <= 5 * limitOfMemory * Math.max(before, 10),
    )
  }
}

inTemporaryFolder((folder) => {
  /** @param {Form} form @param {number} servers */
  const written = (form, servers) => {
    const path = join(folder, `${form.proxy}-${servers}.yaml`)
    writeFileSync(path, specOf(form, servers))
    return path
  }
  const route = forms['nginx jvm_route'] ?? { proxy: 'nginx', affinity: 'method: none' }
  const few = written(route, 4)

  if (only === '') measure(few, (servers) => written(route, servers))

  const events = ['--event', 'dies=s7', '--event', 'returns=s7']
  for (const [name, form] of Object.entries(forms)) {
    if (!name.startsWith(only)) continue
    const [less, more] = [1000, 10_000].map(
      (servers) => usageOf(written(form, servers), events).cpu,
    )
    print(
      name,
      `${less?.toFixed(0)} ms with 1,000 servers, ${more?.toFixed(0)} ms with 10,000`,
      (more ?? 0) <= limitOfServers * (less ?? 0),
    )
  }
})

if (isOver) process.exitCode = 1
