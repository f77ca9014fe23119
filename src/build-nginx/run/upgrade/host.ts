import { BuildError } from '../../../errors.ts'
import { type NginxFacts, readNginx } from '../../core/abi/read.ts'
import { printedArguments } from '../../core/configure/printed.ts'
import { type Directive, readDirectives } from '../../core/install/directives.ts'
import { type HostConfig, hostConfigOf } from '../../core/install/host-config.ts'
import { belowPrefix, type Places, placesOf } from '../../core/install/places.ts'
import { readConfiguration } from '../configuration.ts'
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
  return { facts, places: placesOf(printedArguments(facts.configureArguments ?? '') ?? []) }
}

/** The configuration with the files that it includes; null: there is none. */
const directivesOf = async (
  file: string,
  { context: { files }, world: { disk } }: UpgradeServices,
): Promise<readonly Directive[] | null> => {
  const read = async (path: string): Promise<string | null> => {
    const bytes = await disk.readIfThere(path)
    return bytes === null ? null : new TextDecoder().decode(bytes)
  }
  return (await read(file)) === null ? null : readConfiguration(file, '', files, read)
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

/** The configuration that a new nginx will find. */
export const readHost = async (
  { places }: Binary,
  master: FoundMaster | null,
  services: UpgradeServices,
  tools: Pick<StepTools, 'advise'>,
): Promise<Host> => {
  const folder = master?.folder ?? '/'
  const args = master?.title.args ?? []
  const written = master?.title.prefix ?? null
  const prefix = written === null ? places.prefix : belowPrefix(folder, written)
  const file = belowPrefix(prefix, master?.title.configuration ?? places.configuration)
  checkConfiguration(file, master, services, tools)
  const directives = await directivesOf(file, services)
  const overriding = readDirectives(`${master?.title.directives ?? ''};`)
  const config = directives === null ? null : hostConfigOf(directives, overriding, prefix, places)
  return { prefix, args, folder, config, pidFile: config?.pid ?? belowPrefix(prefix, places.pid) }
}
