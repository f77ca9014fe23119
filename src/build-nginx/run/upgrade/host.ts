import { BuildError } from '../../../errors.ts'
import { type NginxFacts, readNginx } from '../../core/abi/read.ts'
import { shellWords } from '../../core/configure/words.ts'
import { readDirectives } from '../../core/install/directives.ts'
import { type HostConfig, hostConfigOf } from '../../core/install/host-config.ts'
import { type Places, placesOf } from '../../core/install/places.ts'
import type { StepTools } from '../engine.ts'
import type { UpgradeServices } from './actions.ts'
import type { FoundMaster } from './masters.ts'

export interface Binary {
  readonly facts: NginxFacts
  readonly places: Places
}

/** What a binary says about itself. */
export const readBinary = async (file: string, { world }: UpgradeServices): Promise<Binary> => {
  const facts = readNginx(await world.disk.read(file))
  if (facts === null) throw new BuildError(`${file} is not an nginx binary`)
  return { facts, places: placesOf(shellWords(facts.configureArguments ?? '') ?? []) }
}

/** The configuration as its own nginx shows it; before 1.9.2, which cannot, its file alone. */
const textOf = async (
  binary: string,
  args: readonly string[],
  folder: string,
  file: string,
  { context, world }: UpgradeServices,
): Promise<string | null> => {
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' }
  const output = await context.exec.run(binary, [...args, '-T'], {
    cwd: folder,
    env,
    isIsolated: true,
  })
  if (output?.exitCode === 0 && output.stdout.includes('# configuration file')) return output.stdout
  const bytes = await world.disk.readIfThere(file)
  return bytes === null ? null : new TextDecoder().decode(bytes)
}

export interface Host {
  /** Where relative paths of the configuration begin: with `-p` another than was compiled in. */
  readonly prefix: string
  readonly args: readonly string[]
  readonly folder: string
  /** Null: there is none yet. */
  readonly config: HostConfig | null
  readonly pidFile: string
}

const below = (prefix: string, path: string): string =>
  path.startsWith('/') ? path : `${prefix.replace(/\/+$/, '')}/${path}`

/**
 * `load_module` makes a configuration code. A master of root's executes it already; without one it
 * is not executed as root for the first time.
 */
const checkConfiguration = (
  file: string,
  master: FoundMaster | null,
  { world: { durable, userId } }: UpgradeServices,
  { advise }: Pick<StepTools, 'advise'>,
): void => {
  const found = userId === 0 ? durable.foreign(file, 'whole') : null
  if (found === null) return
  const message = `another user could change the configuration that nginx reads as root\n  ${found.path}: ${found.why}`
  const help = 'change its owner to root, if you trust its content'
  if (master === null) throw new BuildError(message, { help })
  advise({ level: 'warning', message, help })
}

/**
 * The configuration that a new nginx will find, read by the one that is there.
 * @param reader the nginx that reads it.
 */
export const readHost = async (
  reader: string,
  { places }: Binary,
  master: FoundMaster | null,
  services: UpgradeServices,
  tools: Pick<StepTools, 'advise'>,
): Promise<Host> => {
  const folder = master?.folder ?? '/'
  const args = master?.title.args ?? []
  const written = master?.title.prefix ?? null
  const prefix = written === null ? places.prefix : below(folder, written)
  const file = below(prefix, master?.title.configuration ?? places.configuration)
  checkConfiguration(file, master, services, tools)
  const text = await textOf(reader, args, folder, file, services)
  const config =
    text === null
      ? null
      : hostConfigOf(
          readDirectives(text),
          readDirectives(`${master?.title.directives ?? ''};`),
          prefix,
        )
  return { prefix, args, folder, config, pidFile: config?.pid ?? below(prefix, places.pid) }
}
