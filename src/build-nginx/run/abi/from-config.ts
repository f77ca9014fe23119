import { dirname, resolve } from 'node:path'
import { UsageError } from '../../../errors.ts'
import type { Files } from '../../../ports.ts'
import { readDirectives } from '../../core/install/directives.ts'
import { filesMatching } from './matching.ts'

/** nginx itself has no limit; a file that includes itself ends here. */
const mostIncludes = 1000

/** As nginx was built; `/usr/local/nginx` is the default of configure. */
const prefixOf = (configureArguments: string | null): string =>
  /(?:^|\s)'?--prefix=([^\s']+)/.exec(configureArguments ?? '')?.[1] ?? '/usr/local/nginx'

/**
 * The files of the `load_module` directives of a configuration, in their order, with those of the
 * files that it includes outside of blocks.
 * @param config absolute on the machine, below `root`.
 * @param configureArguments as `nginx -V` prints them: relative modules begin at its prefix.
 * @throws IoError for a file that cannot be read, UsageError for files that include each other.
 */
export const modulesOfConfig = async (
  config: string,
  configureArguments: string | null,
  root: string,
  files: Files,
): Promise<readonly string[]> => {
  const modules: string[] = []
  let included = 0
  const read = async (file: string): Promise<void> => {
    included += 1
    if (included > mostIncludes)
      throw new UsageError(`${file} is included more than ${mostIncludes} times`, {
        help: 'look for a file that includes itself',
      })
    const text = Buffer.from(await files.read(`${root}${file}`)).toString('utf8')
    for (const { name, args, within } of readDirectives(text)) {
      const [path = ''] = args
      if (within.length > 0) continue
      if (name === 'load_module') modules.push(resolve(prefixOf(configureArguments), path))
      if (name !== 'include') continue
      // Relative to the folder of nginx.conf, also in files that are included.
      for (const each of await filesMatching(resolve(dirname(config), path), root, files))
        await read(each)
    }
  }
  await read(config)
  return modules
}
