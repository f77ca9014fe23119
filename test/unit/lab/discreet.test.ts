import { expect, test } from 'vitest'
import { startProcess } from '../../../src/commands/lab/process.ts'
import { allocatePorts } from '../../../src/core/lab/environment.ts'
import { planWithoutContents } from '../../../src/core/lab/plan.ts'
import type { LabProcess } from '../../../src/core/lab/program.ts'
import type { LabTools } from '../../../src/core/lab/tools.ts'
import { readSpec, resolveSpec } from '../../../src/core/pipeline.ts'
import type { Daemon, LabWorkplace, LabWorld } from '../../../src/ports/lab.ts'

const secret = 'hunter2'

const spec = `version: 1
name: shop
targets: { haproxy: { version: "3.0" } }
frontends: { web: { listen: [80], locations: [{ match: /, upstream: shop }] } }
upstreams:
  shop:
    affinity: { method: jvm_route }
    servers: { a: "10.0.0.1:8080", b: "10.0.0.2:8080" }
    app: { runtime: tomcat, version: "9.0.122", tomcat: { base: /host/server.xml } }
`
/** The lab leaves the listener out, and notes it. */
const server = `<Server port="-1"><Listener className="${secret}.Listener"/><Service name="x">
<Connector port="8080"/><Engine name="x" defaultHost="h"><Host name="h"/></Engine></Service></Server>`

const planOf = (text: string, isOutside: boolean) => {
  const { cluster } = resolveSpec(readSpec('sessctl.yaml', spec), {})
  const [target] = cluster?.targets.filter(({ dialect }) => dialect === 'haproxy') ?? []
  if (cluster === null || target?.dialect !== 'haproxy') throw new Error('no cluster')
  const tool = { product: 'Tomcat', version: '9.0.122', program: 'java', answer: '', home: '/t' }
  const tools: LabTools = {
    balancer: { target, tool: { ...tool, product: 'HAProxy', version: '3.0.5' } },
    appOf: () => ({ runtime: 'tomcat', tool, jars: {} }),
    redis: null,
    memcached: null,
    postgres: null,
    node: 'node',
  }
  const inputs = new Map([['/host/server.xml', new TextEncoder().encode(text)]])
  const files = { inputs, outside: new Set(isOutside ? inputs.keys() : []), problems: [] }
  return planWithoutContents(
    cluster,
    files,
    null,
    tools,
    { tomcat: [], spring: [], php: [], django: [], sessionServer: '' },
    {
      folder: '/lab',
      host: '127.0.0.1',
      ports: allocatePorts(20_000),
      isRoot: false,
      protectsStores: true,
      password: 'p',
      key: 'k',
    },
  )
}

/** Of a plan that is none, the sentence. */
const notesOf = (plan: ReturnType<typeof planOf>): string =>
  typeof plan === 'string' ? plan : plan.notes.join('\n')

test('the notes of a lab do not quote a file outside of the repository', () => {
  expect(notesOf(planOf(server, false))).toContain(secret)
  expect(notesOf(planOf(server, true))).not.toContain(secret)
  expect(notesOf(planOf(server, true))).toContain('are not shown')
})

/** A server that logs the secret, and ends immediately or not. */
const started = (hidesOutput: boolean, ends: boolean) => {
  const daemon: Daemon = {
    children: async () => [],
    pid: 1,
    output: () => `WARNING: ${secret}`,
    ended: () => (ends ? { code: 1, signal: null } : null) as ReturnType<Daemon['ended']>,
    signal: () => undefined,
    stop: async () => undefined,
    kill: async () => undefined,
  }
  const never = () => Promise.reject(new Error('not expected'))
  const workplace: LabWorkplace = {
    folder: '/lab',
    write: async () => undefined,
    makeFolder: async () => undefined,
    read: async () => secret,
    link: async () => undefined,
    start: async () => daemon,
    run: never,
  }
  const plan = planOf(server, hidesOutput)
  const [found] = typeof plan === 'string' ? [] : plan.servers
  if (found === undefined) throw new Error('no server')
  const process: LabProcess = {
    ...found,
    files: [],
    links: {},
    preparations: [],
    setup: [],
    log: 'log',
    warningPattern: /WARNING/,
    ready: { ports: ends ? [1] : [], line: null, path: null },
  }
  const world = {
    network: { accepts: async () => false, exchange: never, findPorts: never },
    clock: { ticks: () => 0, wait: async () => undefined },
  } as unknown as LabWorld
  return startProcess(process, { workplace, world, host: '127.0.0.1' })
}

test('the output of a server is not shown if its files are outside of the repository', async () => {
  await expect(started(false, true)).rejects.toThrow(secret)
  const failure = await started(true, true).catch((error: unknown) => error)
  expect(failure).toMatchObject({ help: expect.stringContaining('is not shown') })
  expect(String(failure)).not.toContain(secret)
  expect((await started(false, false)).warnings.join()).toContain(secret)
  expect((await started(true, false)).warnings.join()).toMatch(/^1 warnings; .* is not shown/)
})
