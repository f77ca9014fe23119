import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { instructionsPerRequest, type Measured } from '../../bench/module/instructions.mjs'
import { findToolchain } from '../real/support/servers.ts'
import { overVariant } from './support/over-variants.ts'

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

overVariant('1.22', 'static', (variant) => {
  describe('instructions of a request beside those of nginx alone', () => {
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
