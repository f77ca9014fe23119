import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { run } from '../../real/support/process.ts'
import { findToolchain } from '../../real/support/servers.ts'
import { tempDir } from '../../real/support/temp-dir.ts'

export const toolOf = (name: string): string => {
  const toolchain = findToolchain()
  if ('missing' in toolchain) throw new Error(toolchain.missing)
  return join(toolchain.bin, name)
}

/** A C program of `module/t`, compiled. */
export const compile = async (name: string, ...flags: readonly string[]): Promise<string> => {
  const source = fileURLToPath(new URL(`../../../module/t/${name}.c`, import.meta.url))
  const [dir, warnings] = [tempDir(), ['-Wall', '-Wextra', '-Werror', '-O1']]
  const target = join(dir, name)
  const compiled = await run(
    [toolOf('gcc'), ...warnings, ...flags, '-o', target, source],
    dir,
    60_000,
  )
  expect(compiled.exitCode, compiled.output).toBe(0)
  return target
}
