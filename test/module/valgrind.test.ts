import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findToolchain } from '../real/support/servers.ts'
import { tempDir } from '../real/support/temp-dir.ts'
import { startBalancer } from './support/balancer.ts'
import { overVariant } from './support/over-variants.ts'
import { askTimes, pinned, route, seen } from './support/pinned.ts'
import { startStubs } from './support/stubs.ts'
import { members, named } from './support/upstream.ts'

/** What nginx itself leaks, with and without the module. */
const ownLeak = `{
  the environment of a worker
  Memcheck:Leak
  match-leak-kinds: definite
  fun:malloc
  fun:ngx_alloc
  fun:ngx_set_environment
}
`

overVariant('1.22', 'debug', (variant) => {
  test('Valgrind finds no error and no leak', { timeout: 240_000 }, async () => {
    const toolchain = findToolchain()
    if ('missing' in toolchain) throw new Error(toolchain.missing)
    const suppressions = join(tempDir(), 'suppressions')
    writeFileSync(suppressions, ownLeak)
    const flags = [
      '--leak-check=full',
      '--errors-for-leak-kinds=definite,indirect',
      `--suppressions=${suppressions}`,
    ]
    const stubs = await startStubs('a', 'b', 'c')
    const [a, b, c] = stubs
    const upstreams = {
      app: ['zone app 128k;', ...members(variant, [a, named(b, 'max_fails=0'), c]), route],
      other: ['least_conn;', 'keepalive 4;', ...members(variant, [a, named(c, 'backup')]), route],
    }
    const balancer = await startBalancer(variant, {
      stubs,
      upstreams,
      expected: /setrlimit\(RLIMIT_NOFILE/,
      under: [join(toolchain.bin, 'valgrind'), ...flags],
    })
    for (const upstream of ['app', 'other']) {
      for (const id of ['a', 'b', 'c', 'z']) {
        const path = `/x;jsessionid=ABC.${id}?jsessionid=ABC.a`
        await askTimes(balancer, 2, pinned(id), upstream)
        await askTimes(balancer, 2, { path }, upstream)
      }
      for (const format of ['text', 'json', 'prometheus']) {
        expect((await balancer.ask('status', { path: `/${upstream}/${format}` })).status).toBe(200)
      }
    }
    await b.kill()
    expect(seen(await askTimes(balancer, 3, pinned('b'))).by).toBe('a c')
    await balancer.reload()
    await askTimes(balancer, 3, pinned('a'))
    await balancer.server.stop(60_000)
    const output = balancer.server.output()
    const summaries = [...output.matchAll(/ERROR SUMMARY: (\d+) errors/g)].map(([, count]) => count)
    // The master, and a worker before and after the reload.
    expect(summaries, output).toEqual(['0', '0', '0'])
  })
})
