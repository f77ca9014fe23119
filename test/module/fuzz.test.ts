import { cpSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, vi } from 'vitest'
import { run } from '../real/support/process.ts'
import { findToolchain, withServers } from '../real/support/servers.ts'
import { tempDir } from '../real/support/temp-dir.ts'

const fuzz = fileURLToPath(new URL('../../module/t/fuzz', import.meta.url))
const inputs = Number(process.env['SESSCTL_FUZZ_INPUTS'] ?? 500_000)
/** The same inputs each time, unless another one is given. */
const seed = process.env['SESSCTL_FUZZ_SEED'] ?? '1'
const minutes = 60_000
vi.setConfig({ testTimeout: 15 * minutes })

withServers(
  { toolchain: findToolchain() },
  `libFuzzer: ${inputs} inputs for the parser of sessions and routes, no report`,
  async ({ toolchain }) => {
    const dir = tempDir()
    const [target, corpus] = [join(dir, 'fuzz'), join(dir, 'corpus')]
    // What it finds is added to the corpus, here to a copy.
    cpSync(join(fuzz, 'corpus'), corpus, { recursive: true })
    const sources = readdirSync(fuzz).filter((name) => name.endsWith('.c'))
    expect(sources).toHaveLength(1)
    const flags = ['-g', '-O1', '-fsanitize=fuzzer,address,undefined', '-fno-sanitize-recover=all']
    const clang = [join(toolchain.bin, 'clang'), ...flags, '-o', target] as const
    const compiled = await run([...clang, join(fuzz, sources[0] ?? '')], dir, 5 * minutes)
    expect(compiled.exitCode, compiled.output).toBe(0)
    const options = [`-runs=${inputs}`, `-seed=${seed}`, '-max_len=1024', '-print_final_stats=1']
    const env = { ASAN_OPTIONS: 'detect_leaks=0' }
    const fuzzed = await run([target, ...options, corpus], dir, 10 * minutes, env)
    expect(fuzzed.exitCode, fuzzed.output.slice(-5_000)).toBe(0)
    const units = /stat::number_of_executed_units: *(\d+)/.exec(fuzzed.output)?.[1]
    expect(Number(units)).toBeGreaterThanOrEqual(inputs)
  },
)
