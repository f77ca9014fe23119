import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../../real/support/process.ts'
import { tempDir } from '../../real/support/temp-dir.ts'
import { isOfOwnLog } from './complaints.ts'
import { type Config, writeConfig } from './config.ts'
import { commandOf, type Variant } from './over-variants.ts'

export interface Verdict {
  readonly exitCode: number | null
  /** From [warn] up, without the time and the process. */
  readonly messages: readonly string[]
  readonly output: string
}

/** `nginx -t` on such a configuration. */
export const checkConfig = async (variant: Variant, config: Config): Promise<Verdict> => {
  const dir = tempDir()
  mkdirSync(join(dir, 'temp'), { recursive: true })
  const file = join(dir, 'nginx.conf')
  writeFileSync(file, writeConfig({ variant, dir, port: 1 }, config))
  const command = [...commandOf(variant), '-t', '-p', dir, '-c', file] as const
  const { exitCode, output } = await run(command, dir, 60_000, variant.env)
  const messages = output
    .split('\n')
    .filter((line) => /\[(?:warn|error|crit|alert|emerg)\]/.test(line) && !isOfOwnLog(line))
    .map((line) => line.replace(/^.*?(\[\w+\]) (?:\d+#\d+: )?/, '$1 ').replaceAll(dir, ''))
  return { exitCode, messages, output }
}

/** Whether this nginx takes the block, and what it says of it. */
export const checkUpstream = (variant: Variant, app: readonly string[]): Promise<Verdict> =>
  checkConfig(variant, { upstreams: { app } })
