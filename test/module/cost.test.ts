import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { instructionsPerRequest, type Measured, totalOf } from '../../bench/module/instructions.mjs'
import { run } from '../real/support/process.ts'
import { findToolchain } from '../real/support/servers.ts'
import { tempDir } from '../real/support/temp-dir.ts'
import { toolOf } from './support/compile.ts'
import { writeConfig } from './support/config.ts'
import { commandOf, overVariant } from './support/over-variants.ts'
import { route } from './support/pinned.ts'

/**
 * Instructions, not time: they are the same on a busy machine. All of it is measured by
 * bench/module.mjs; this is what a change could break by accident.
 */
const costs: readonly (readonly [Omit<Measured, 'affinity'>, number])[] = [
  [{ method: 'random', traffic: 'mixed', servers: 4_000 }, 1.1],
  [{ method: 'ip_hash', traffic: 'mixed', servers: 4_000 }, 1.1],
  [{ method: 'round robin', traffic: 'mixed', servers: 1_000 }, 1.1],
  [{ method: 'round robin', traffic: 'pinned', servers: 2 }, 1.1],
]

const address = (index: number): string => `127.1.${index >> 8}.${index & 255}`

/** Each way in which a route and its server can be written. */
const spellings: Readonly<Record<string, (index: number) => string>> = {
  'srun_id= of the server': (index) => `server ${address(index)}:81 srun_id=n${index};`,
  'the same address': (index) =>
    `server ${address(index)}:81; srun_id n${index} ${address(index)}:81;`,
  'an address without its port': (index) =>
    `server ${address(index)}; srun_id n${index} ${address(index)}:80;`,
  'a name in capitals': (index) =>
    `server localhost:${10_000 + index}; srun_id n${index} LOCALHOST:${10_000 + index};`,
  'one address for all': (index) => `server 127.0.0.1:81 srun_id=n${index};`,
}

overVariant('1.22', 'static', (variant) => {
  describe('instructions to read 4,000 servers compared with 1,000', () => {
    test.for(Object.entries(spellings))('%s', { timeout: 240_000 }, async ([, line]) => {
      const totals = []
      for (const servers of [1_000, 4_000]) {
        const dir = tempDir()
        mkdirSync(join(dir, 'temp'))
        const lines = Array.from({ length: servers }, (_, index) => line(index))
        const config = writeConfig(
          { variant, dir, port: 1 },
          { upstreams: { app: [...lines, route] } },
        )
        writeFileSync(join(dir, 'nginx.conf'), config)
        const out = join(dir, 'callgrind.out')
        const callgrind = ['--tool=callgrind', `--callgrind-out-file=${out}`]
        const nginx = [...commandOf(variant), '-t', '-p', dir, '-c', join(dir, 'nginx.conf')]
        const command = [toolOf('valgrind'), ...callgrind, ...nginx] as const
        const { exitCode, output } = await run(command, dir, 120_000)
        expect(exitCode, output).toBe(0)
        totals.push(totalOf(out))
      }
      const [few = 0, many = 0] = totals
      expect(many / few).toBeLessThan(5)
    })
  })

  describe('instructions of a request compared with nginx without the module', () => {
    test.for(costs)('%o', { timeout: 240_000 }, async ([what, limit]) => {
      const toolchain = findToolchain()
      if ('missing' in toolchain) throw new Error(toolchain.missing)
      const valgrind = join(toolchain.bin, 'valgrind')
      const nginx = { command: variant.command, valgrind, main: variant.loadModule }
      const alone = await instructionsPerRequest(nginx, { ...what, affinity: 'plain' })
      const own = await instructionsPerRequest(nginx, { ...what, affinity: 'jvm_route' })
      expect(own / alone).toBeLessThan(limit)
    })
  })
})
