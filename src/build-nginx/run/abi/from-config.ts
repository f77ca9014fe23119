import type { Files } from '../../../ports.ts'
import { printedArguments } from '../../core/configure/printed.ts'
import { belowPrefix, placesOf } from '../../core/install/places.ts'
import { readConfiguration } from '../configuration.ts'

/**
 * The files of the `load_module` directives of a configuration, in their order, with those of the
 * files that it includes.
 * @param config absolute on the machine, below `root`.
 * @param configureArguments as `nginx -V` prints them: relative modules begin at its prefix.
 * @throws IoError for a file that cannot be read, BuildError for files that include each other.
 */
export const modulesOfConfig = async (
  config: string,
  configureArguments: string | null,
  root: string,
  files: Files,
): Promise<readonly string[]> => {
  const read = async (path: string) => Buffer.from(await files.read(path)).toString('utf8')
  const { prefix } = placesOf(printedArguments(configureArguments ?? '') ?? [])
  const directives = await readConfiguration(config, root, files, read)
  return directives
    .filter(({ name, within }) => name === 'load_module' && within.length === 0)
    .map(({ args: [path = ''] }) => belowPrefix(prefix, path))
}
