import { expect, test } from 'vitest'
import { bringUp } from '../../../src/commands/lab/running.ts'
import { planDiscreetly } from '../../../src/core/lab/discreet.ts'
import type { LabProcess } from '../../../src/core/lab/program.ts'
import type { LabTools } from '../../../src/core/lab/tools.ts'
import { readSpec, resolveSpec } from '../../../src/core/pipeline.ts'
import type { Daemon, LabWorld, Stage } from '../../../src/ports/lab.ts'

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
  return planDiscreetly(
    cluster,
    files,
    null,
    tools,
    { tomcat: [], spring: [], php: [], django: [], sessionServer: '' },
    {
      folder: '/lab',
      host: '127.0.0.1',
      firstPort: 20000,
      isRoot: false,
      closesStores: true,
      password: 'p',
      key: 'k',
    },
  )
}

/** Of a plan that is none, the sentence. */
const notesOf = (plan: ReturnType<typeof planOf>): string =>
  typeof plan === 'string' ? plan : plan.notes.join('\n')

test('a file of which nothing may be shown is not in the notes of a lab', () => {
  expect(notesOf(planOf(server, false))).toContain(secret)
  expect(notesOf(planOf(server, true))).not.toContain(secret)
  expect(notesOf(planOf(server, true))).toContain('is not shown')
})

/** A server that says the secret, and ends at once or not. */
const started = (isDiscreet: boolean, ends: boolean) => {
  const daemon: Daemon = {
    pid: 1,
    output: () => `WARNING: ${secret}`,
    ended: () => (ends ? { code: 1, signal: null } : null) as ReturnType<Daemon['ended']>,
    signal: () => undefined,
    stop: async () => undefined,
    kill: async () => undefined,
  }
  const never = () => Promise.reject(new Error('not expected'))
  const stage: Stage = {
    folder: '/lab',
    write: async () => undefined,
    makeFolder: async () => undefined,
    read: async () => secret,
    link: async () => undefined,
    start: async () => daemon,
    run: never,
  }
  const plan = planOf(server, isDiscreet)
  const [found] = typeof plan === 'string' ? [] : plan.servers
  if (found === undefined) throw new Error('no server')
  const process: LabProcess = {
    ...found,
    files: [],
    links: {},
    before: [],
    after: [],
    log: 'log',
    complaint: /WARNING/,
    ready: { ports: ends ? [1] : [], line: null, path: null },
  }
  const world = {
    network: { accepts: async () => false, say: never, findPorts: never },
    clock: { ticks: () => 0, wait: async () => undefined },
  } as unknown as LabWorld
  return bringUp(process, { stage, world, host: '127.0.0.1' })
}

test('what a server says is not shown where its files are made of such a file', async () => {
  await expect(started(false, true)).rejects.toThrow(secret)
  const failure = await started(true, true).catch((error: unknown) => error)
  expect(failure).toMatchObject({ help: expect.stringContaining('is not shown') })
  expect(String(failure)).not.toContain(secret)
  expect((await started(false, false)).complaints.join()).toContain(secret)
  expect((await started(true, false)).complaints.join()).toMatch(/^1 warnings; .* is not shown/)
})
