import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from '../support/process.ts'
import type { Toolchain } from '../support/servers.ts'
import { tempDir } from '../support/temp-dir.ts'
import type { Host } from './host.ts'

const source = fileURLToPath(new URL('./power.c', import.meta.url))

/** Lets the power go before a change that sessctl is about to make to a host. */
export interface Power {
  /** For a run that is cut before this change; 0: never. */
  readonly cutAt: (host: Host, change: number) => Readonly<Record<string, string>>
  /** What was changed so far, in order. */
  readonly changes: (host: Host) => readonly string[]
}

const logOf = ({ folder }: Host): string => join(folder, 'changes')

export const powerSwitch = async ({ bin }: Toolchain): Promise<Power> => {
  const folder = tempDir()
  const library = join(folder, 'power.so')
  const args = ['-shared', '-fPIC', '-nostdlib', '-o', library, source] as const
  const { exitCode, output } = await run([join(bin, 'gcc'), ...args], folder, 60_000)
  if (exitCode !== 0) throw new Error(output)
  return {
    cutAt: (host, change) => ({
      LD_PRELOAD: library,
      SESSCTL_POWER_AT: `${change}`,
      SESSCTL_POWER_BELOW: host.folder,
      SESSCTL_POWER_LOG: logOf(host),
    }),
    changes: (host) =>
      existsSync(logOf(host)) ? readFileSync(logOf(host), 'utf8').trim().split('\n') : [],
  }
}
