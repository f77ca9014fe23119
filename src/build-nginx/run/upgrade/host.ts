import { BuildError } from '../../../errors.ts'
import { type NginxFacts, readNginx } from '../../core/abi/read.ts'
import { printedArguments } from '../../core/configure/printed.ts'
import { type ConfigFile, directivesOf } from '../../core/install/config-files.ts'
import { readDirectives } from '../../core/install/directives.ts'
import { type HostConfig, hostConfigOf } from '../../core/install/host-config.ts'
import { belowPrefix, type Places, placesOf } from '../../core/install/places.ts'
import { readConfigFiles } from '../configuration.ts'
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

/** How an nginx is called, and where. */
export interface Call {
  readonly args: readonly string[]
  readonly folder: string
}

/** The configuration that a call of nginx reads. */
export interface CalledConfiguration {
  /** Where its relative paths begin: with `-p` another than was compiled in. */
  readonly prefix: string
  readonly file: string
  /** Of `-g`. */
  readonly overriding: string
}

const argumentOf = ({ args }: Call, name: string): string | null => {
  const at = args.lastIndexOf(name)
  return at === -1 ? null : (args[at + 1] ?? null)
}

export const calledConfiguration = (call: Call, places: Places): CalledConfiguration => {
  const written = argumentOf(call, '-p')
  const prefix = written === null ? places.prefix : belowPrefix(call.folder, written)
  return {
    prefix,
    file: belowPrefix(prefix, argumentOf(call, '-c') ?? places.configuration),
    overriding: argumentOf(call, '-g') ?? '',
  }
}

/** The configuration with the files that it includes; null: there is none. */
export const readFiles = (
  file: string,
  { context: { files }, world: { disk } }: UpgradeServices,
): Promise<ConfigFile | null> =>
  readConfigFiles(file, '', files, async (path) => {
    const bytes = await disk.readIfThere(path)
    return bytes === null ? null : new TextDecoder().decode(bytes)
  })

export interface Host extends Call {
  /** Where relative paths of the configuration begin. */
  readonly prefix: string
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
  const call: Call = { args: master?.title.args ?? [], folder: master?.folder ?? '/' }
  const { prefix, file, overriding } = calledConfiguration(call, places)
  checkConfiguration(file, master, services, tools)
  const main = await readFiles(file, services)
  const config =
    main === null
      ? null
      : hostConfigOf(directivesOf(main), readDirectives(`${overriding};`), prefix, places)
  return { ...call, prefix, config, pidFile: config?.pid ?? belowPrefix(prefix, places.pid) }
}
