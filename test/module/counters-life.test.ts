import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { run, startServer } from '../real/support/process.ts'
import { tempDir } from '../real/support/temp-dir.ts'
import { type Balancer, startBalancer } from './support/balancer.ts'
import { compile, toolOf } from './support/compile.ts'
import { overPatched, overVariant, overVariants } from './support/over-variants.ts'
import { pinned, route } from './support/pinned.ts'
import { statusOf } from './support/status.ts'
import { startStubs } from './support/stubs.ts'
import { until } from './support/until.ts'
import { members, named } from './support/upstream.ts'

const expected = /exited on signal 9/
const patient = { timeout: 60_000 }

const activeOf = async (balancer: Balancer): Promise<readonly number[]> =>
  (await statusOf(balancer, 'app')).servers.map(({ active }) => active)

/** Kills a worker process and waits for the one that replaces it. */
const replace = async (balancer: Balancer): Promise<void> => {
  const [before = 0] = balancer.workers()
  process.kill(before, 'SIGKILL')
  await until('another one is there', () => balancer.workers()[0] !== before)
}

overVariant('1.22', 'static', (variant) => {
  test('a worker with the process id of a dead worker does not inherit its requests', async () => {
    const preload = await compile('same-pid', '-shared', '-fPIC')
    const stubs = await startStubs('a', 'b')
    const upstreams = { app: [...members(variant, stubs), route] }
    const under = ['env', `LD_PRELOAD=${preload}`] as const
    const balancer = await startBalancer(variant, { stubs, upstreams, expected, under })
    for (const turn of [1, 2, 3]) {
      const held = [1, 2].map(() =>
        balancer.ask('app', { ...pinned('b'), hold: true }).catch(() => null),
      )
      await stubs[1].holds(2)
      expect(await activeOf(balancer)).toEqual([0, 2])
      await replace(balancer)
      await Promise.all(held)
      const { servers } = await statusOf(balancer, 'app')
      expect(servers.map(({ active, requests }) => [active, requests])).toEqual([
        [0, 0],
        [0, 2 * turn],
      ])
    }
  })
})

/**
 * The functions that count, how many instructions of them are looked at, and a build that has them as
 * they are: where nothing is optimised the first one is not inlined, and where nothing is logged the
 * second one begins with the counting.
 */
const functions = [
  ['debug', 'ngx_http_upstream_jvm_route_acquire', 90],
  ['static', 'ngx_http_upstream_free_jvm_route_peer', 60],
] as const

for (const [build, name, count] of functions) {
  overVariant('1.22', build, (variant) => {
    const killed = `killed at each instruction of ${name}: nothing remains active`
    test.skipIf(process.arch !== 'x64')(killed, { timeout: 240_000 }, async () => {
      const stepAndKill = await compile('step-and-kill')
      const symbols = await run([toolOf('nm'), variant.command], tempDir(), 60_000)
      const offset = new RegExp(`^([0-9a-f]+) t ${name}$`, 'm').exec(symbols.output)?.[1]
      if (offset === undefined) throw new Error(`no ${name} in ${variant.command}`)
      const stubs = await startStubs('a', 'b')
      const upstreams = { app: [...members(variant, stubs), route] }
      const balancer = await startBalancer(variant, { stubs, upstreams, expected })
      for (let steps = 0; steps < count; steps++) {
        const [pid = 0] = balancer.workers()
        const base = /^[0-9a-f]+/.exec(readFileSync(`/proc/${pid}/maps`, 'utf8'))?.[0] ?? ''
        const address = (BigInt(`0x${base}`) + BigInt(`0x${offset}`)).toString(16)
        const stepper = await startServer([stepAndKill, String(pid), address, String(steps)], {
          cwd: tempDir(),
          ports: [],
          isReady: (output) => output.includes('ready'),
        })
        await balancer.ask('app', pinned('b')).catch(() => null)
        await until('another one is there', () => balancer.workers()[0] !== pid)
        expect(await activeOf(balancer), `after ${steps}: ${stepper.output()}`).toEqual([0, 0])
      }
      const { servers } = await statusOf(balancer, 'app')
      expect(servers[1]?.requests).toBeGreaterThan(0)
    })
  })
}

overVariants('some', (variant) => {
  test('the number of worker processes changes with reloads', async () => {
    const stubs = await startStubs('a', 'b')
    const upstreams = { app: [...members(variant, stubs), route] }
    const balancer = await startBalancer(variant, { stubs, upstreams, workers: 1, expected })
    const held: Promise<unknown>[] = []
    const counts = [1, 7, 1, 4]
    for (const [index, workers] of counts.entries()) {
      if (index > 0) await balancer.reload({ upstreams, workers })
      held.push(balancer.ask('app', { ...pinned('b'), hold: true }).catch(() => null))
      await stubs[1].holds(held.length)
      for (let turn = 0; turn < 4; turn++) expect(await activeOf(balancer)).toEqual([0, index + 1])
    }
    // An old one, which is not replaced.
    const old = /start worker process (\d+)/g.exec(balancer.server.output())?.[1]
    process.kill(Number(old), 'SIGKILL')
    await expect.poll(() => activeOf(balancer), patient).toEqual([0, counts.length - 1])
    stubs[1].release()
    await Promise.all(held)
    await expect.poll(() => activeOf(balancer), patient).toEqual([0, 0])
    expect((await statusOf(balancer, 'app')).servers[1]?.requests).toBe(counts.length)
  })

  test('servers change with every reload while old workers still run', async () => {
    const stubs = await startStubs('a', 'b')
    const block = (round: number) => {
      const others = Array.from({ length: 1_000 }, (_, index) => ({
        at: `127.${round}.${index >> 8}.${index & 255}:81`,
        id: `r${round}n${index}`,
      }))
      return { upstreams: { app: [...members(variant, [...stubs, ...others]), route] } }
    }
    const balancer = await startBalancer(variant, { stubs, ...block(1) })
    const held: Promise<unknown>[] = []
    for (let round = 1; round <= 10; round++) {
      if (round > 1) await balancer.reload(block(round))
      held.push(balancer.ask('app', { ...pinned('b'), hold: true }))
      await stubs[1].holds(round)
      const { servers, uncounted } = await statusOf(balancer, 'app')
      expect(uncounted).toBe(0)
      expect(servers.length).toBe(1_002)
      expect(servers[1]).toMatchObject({ requests: round, hits: round })
    }
    stubs[1].release()
    await Promise.all(held)
    await expect
      .poll(async () => (await statusOf(balancer, 'app')).servers[1]?.active, patient)
      .toBe(0)
  })
})

overPatched('some', (variant) => {
  describe.skipIf(variant.name === 'sanitized')('more old workers than there are slots', () => {
    test('active and max_busy include the requests of all workers', {
      timeout: 240_000,
    }, async () => {
      const stubs = await startStubs('a', 'b')
      const [a, b] = stubs
      const others = Array.from({ length: 500 }, (_, index) => ({
        at: `127.1.${index >> 8}.${index & 255}:81`,
        id: `n${index}`,
      }))
      const count = 70
      const upstreams = {
        app: [
          ...members(variant, [a, { ...named(b), patched: `max_busy=${count}` }, ...others]),
          route,
        ],
      }
      const balancer = await startBalancer(variant, { stubs, upstreams, expected })
      const held: Promise<unknown>[] = []
      for (let round = 1; round <= count; round++) {
        if (round > 1) await balancer.reload()
        held.push(balancer.ask('app', { ...pinned('b'), hold: true }).catch(() => null))
        await b.holds(round)
      }
      const { servers, uncounted } = await statusOf(balancer, 'app')
      expect(uncounted).toBe(0)
      expect(servers[1]).toMatchObject({ active: count, requests: count, hits: count })
      expect((await balancer.ask('app', pinned('b'))).by).toBe('a')
      // The last one, which shares its counter with others: until they have ended, too much is active.
      await replace(balancer)
      expect((await balancer.ask('app', pinned('b'))).by).toBe('a')
      b.release()
      await Promise.all(held)
      await balancer.reload()
      await expect.poll(async () => (await activeOf(balancer))[1], patient).toBe(0)
      expect((await balancer.ask('app', pinned('b'))).by).toBe('b')
    })
  })
})
