import { describe, expect, test } from 'vitest'
import { applyChange, type Switch } from '../../../src/commands/diff/prove/apply.ts'
import type { RunningCluster } from '../../../src/commands/lab/cluster.ts'
import type { RunningProcess } from '../../../src/commands/lab/process.ts'
import type { BalancerProcess } from '../../../src/core/lab/balancer.ts'
import type { LabPlan } from '../../../src/core/lab/plan.ts'
import type { LabProcess } from '../../../src/core/lab/program.ts'
import { readSpec, resolveSpec } from '../../../src/core/pipeline.ts'
import { stepsBetween } from '../../../src/core/prove/steps.ts'
import type { LabWorkplace, LabWorld } from '../../../src/ports/lab.ts'
import { labProcess } from './lab-process.ts'

const nginx = (content: string, title = 'nginx 1.30.6'): BalancerProcess => ({
  ...labProcess('balancer', 80, content),
  role: 'balancer',
  title,
  reload: 'SIGHUP',
})

const { cluster } = resolveSpec(
  readSpec(
    'shop.yaml',
    `version: 1
name: shop
targets: { nginx: { version: "1.30.6" } }
frontends: { web: { listen: [80], locations: [{ match: /, upstream: shop }] } }
upstreams: { shop: { servers: { app1: { address: "10.0.0.1:80", failTimeout: 3s } } } }
`,
  ),
  {},
)

interface Parts {
  readonly servers: readonly LabProcess[]
  readonly stores?: readonly LabProcess[]
  readonly balancer: BalancerProcess
}

const planOf = ({ servers, stores = [], balancer }: Parts): LabPlan => {
  const parts = { servers, stores, balancer, files: [], folders: [], sharedFolders: [] }
  return { ...parts, cluster, host: '127.0.0.1' } as Partial<LabPlan> as LabPlan
}

/** The commands that empty folders. */
const removed: (readonly string[])[] = []

/** What is done, in its order. */
const stepsOf = async (before: Parts, after: Parts): Promise<readonly string[]> => {
  const steps: string[] = []
  const run = (one: LabProcess): RunningProcess => ({
    process: one,
    kill: async () => undefined,
    stop: async () => void steps.push(`stop ${one.name}`),
    start: async () => undefined,
    reload: async () => void steps.push(`reload ${one.name}`),
    isReloaded: async () => true,
    output: () => '',
    warnings: [],
  })
  const running: RunningCluster = {
    plan: planOf(before),
    stores: (before.stores ?? []).map(run),
    servers: new Map(before.servers.map((server) => [server.name, run(server)])),
    balancer: run(before.balancer),
    start: async (one) => {
      steps.push(`start ${one.name}`)
      return run(one)
    },
  }
  const clock = {
    now: () => 0,
    ticks: () => 0,
    wait: async (milliseconds: number) => {
      if (milliseconds > 1000) steps.push(`wait ${milliseconds}`)
    },
  }
  const change: Switch = {
    running,
    after: planOf(after),
    servers: stepsBetween(before.servers, after.servers),
    workplace: {
      folder: '/lab',
      run: async ({ program, args }, folder) => void removed.push([program, ...args, folder]),
    } as Partial<LabWorkplace> as LabWorkplace,
    world: { clock } as Partial<LabWorld> as LabWorld,
    rounds: async (count) => void steps.push(`${count} requests`),
    showDetail: () => undefined,
  }
  await applyChange(change)
  return steps
}

const [one, two] = [labProcess('app1', 1), labProcess('app2', 2)]

describe('a change is applied as on a host', () => {
  test('new servers start before the balancer uses them, removed ones stop afterwards', async () => {
    expect(
      await stepsOf(
        { servers: [one, two], balancer: nginx('a') },
        { servers: [one, labProcess('app3', 3)], balancer: nginx('b') },
      ),
    ).toEqual(['start app3', 'reload balancer', 'stop app2', '5 requests'])
  })

  test('servers restart one after the other, each while clients find it gone', async () => {
    const changed = [labProcess('app1', 1, 'x'), labProcess('app2', 2, 'x')]
    const restarts = [
      ...['stop app1', '1 requests', 'start app1', 'wait 5000'],
      ...['stop app2', '1 requests', 'start app2'],
    ]
    expect(
      await stepsOf(
        { servers: [one, two], balancer: nginx('a') },
        { servers: changed, balancer: nginx('b') },
      ),
    ).toEqual([...restarts, 'reload balancer', '5 requests'])
    // A balancer that is not reloaded avoids the last server for a time, too.
    expect(
      await stepsOf(
        { servers: [one, two], balancer: nginx('a') },
        { servers: changed, balancer: nginx('a') },
      ),
    ).toEqual([...restarts, 'wait 5000', '5 requests'])
  })

  test('the library of the old release is removed, and with the rights of the servers', async () => {
    removed.length = 0
    const old = { ...one, links: { 'lib/a-1.jar': '/jars/a-1.jar' } }
    const now = { ...one, links: { 'lib/a-2.jar': '/jars/a-2.jar' } }
    await stepsOf(
      { servers: [old], balancer: nginx('a') },
      { servers: [now], balancer: nginx('a') },
    )
    expect(removed).toEqual([
      ['/bin/rm', '-f', '--', 'conf/server.xml', 'lib/a-1.jar', '/lab/app1'],
    ])
  })

  test('another release of the balancer takes its place', async () => {
    expect(
      await stepsOf(
        { servers: [one], balancer: nginx('a', 'nginx 1.26.3') },
        { servers: [one], balancer: nginx('a') },
      ),
    ).toEqual(['stop balancer', '1 requests', 'start balancer', '5 requests'])
  })

  test('a new store starts first, and the old one stops last', async () => {
    expect(
      await stepsOf(
        { servers: [one], stores: [labProcess('old', 7)], balancer: nginx('a') },
        {
          servers: [labProcess('app1', 1, 'x')],
          stores: [labProcess('new', 8)],
          balancer: nginx('a'),
        },
      ),
    ).toEqual([
      ...['start new', 'stop app1', '1 requests', 'start app1', 'wait 5000'],
      ...['stop old', '5 requests'],
    ])
  })

  test('servers that exchange their names never use one folder at once', async () => {
    expect(
      await stepsOf(
        { servers: [one, two], balancer: nginx('a') },
        { servers: [labProcess('app2', 1), labProcess('app1', 2)], balancer: nginx('b') },
      ),
    ).toEqual([
      ...['stop app1', 'stop app2', '1 requests', 'start app2', 'wait 5000'],
      ...['1 requests', 'start app1', 'reload balancer', '5 requests'],
    ])
  })

  test('nothing is done if nothing changes', async () => {
    const parts = { servers: [one], balancer: nginx('a') }
    expect(await stepsOf(parts, parts)).toEqual(['5 requests'])
  })
})
