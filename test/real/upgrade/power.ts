import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from '../support/process.ts'
import type { Toolchain } from '../support/servers.ts'
import { tempDir } from '../support/temp-dir.ts'
import type { Host } from './host.ts'

const source = fileURLToPath(new URL('./power.c', import.meta.url))

/**
 * The `nth` change, from 1, of those that match a pattern of fnmatch(3): the name of a file
 * relative to the host's folder, or `signal NUMBER`.
 */
export interface Change {
  readonly pattern: string
  readonly nth: number
}

/** Simulates a power cut before a change that sessctl is about to make to a host. */
export interface Power {
  /** The environment of a run that is cut before this change; null: never. */
  readonly cutBefore: (host: Host, change: Change | null) => Readonly<Record<string, string>>
  /** What was changed so far, in order. */
  readonly changes: (host: Host) => readonly Change[]
}

/** The name of a lock ends with the process id and random digits. */
const patternOf = (line: string): string =>
  line.replace(/(?<=sessctl-lock\.).*/, '*').replace(/(?<=sessctl-journal\.draft).*/, '*')

const numbered = (lines: readonly string[]): readonly Change[] => {
  const counts = new Map<string, number>()
  return lines.map(patternOf).map((pattern) => {
    const nth = (counts.get(pattern) ?? 0) + 1
    counts.set(pattern, nth)
    return { pattern, nth }
  })
}

const logOf = ({ folder }: Host): string => join(folder, 'changes')

export const powerSwitch = async ({ bin }: Toolchain): Promise<Power> => {
  const folder = tempDir()
  const library = join(folder, 'power.so')
  const args = ['-shared', '-fPIC', '-nostdlib', '-o', library, source] as const
  const { exitCode, output } = await run([join(bin, 'gcc'), ...args], folder, 60_000)
  if (exitCode !== 0) throw new Error(output)
  return {
    cutBefore: (host, change) => ({
      LD_PRELOAD: library,
      SESSCTL_POWER_BELOW: host.folder,
      SESSCTL_POWER_LOG: logOf(host),
      ...(change && { SESSCTL_POWER_BEFORE: change.pattern, SESSCTL_POWER_NTH: `${change.nth}` }),
    }),
    changes: (host) =>
      existsSync(logOf(host)) ? numbered(readFileSync(logOf(host), 'utf8').trim().split('\n')) : [],
  }
}
