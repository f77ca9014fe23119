import { dirname, resolve } from 'node:path'
import { allDirectives, readNginxConfig } from '../../core/config/nginx/tree.ts'
import { BuildError } from '../../errors.ts'
import type { Files } from '../../ports.ts'
import { type ConfigFile, directivesOf } from '../core/install/config-files.ts'
import type { Directive } from '../core/install/directives.ts'
import { filesMatching } from './matching.ts'

/** nginx itself ends when it has no file descriptors left. */
const mostFiles = 10_000

/**
 * A configuration with the files that it includes, as nginx reads them.
 * Unlike `nginx -T` this changes nothing on the host: as root, nginx creates folders and log files and
 * changes the owner of its temporary folders even when it only tests or prints a configuration.
 * @param main absolute on the machine whose file system begins at `root`.
 * @param read the text of a file; null: it is not there.
 * @returns null when there is no main file.
 * @throws BuildError for files that include each other.
 */
export const readConfigFiles = async (
  main: string,
  root: string,
  files: Files,
  read: (path: string) => Promise<string | null>,
): Promise<ConfigFile | null> => {
  let count = 0
  const visit = async (path: string): Promise<ConfigFile | null> => {
    count += 1
    if (count > mostFiles)
      throw new BuildError(`${main} includes more than ${mostFiles} files`, {
        help: 'look for a file that includes itself',
      })
    const text = await read(`${root}${path}`)
    if (text === null) return null
    const config = readNginxConfig(text)
    const included = new Map<number, readonly ConfigFile[]>()
    for (const { directive } of allDirectives(config.directives)) {
      if (directive.name !== 'include') continue
      const [pattern = ''] = directive.args
      const found: ConfigFile[] = []
      // Relative to the folder of nginx.conf, also in files that are included.
      for (const each of await filesMatching(resolve(dirname(main), pattern), root, files)) {
        const file = await visit(each)
        if (file !== null) found.push(file)
      }
      included.set(directive.start, found)
    }
    return { path, config, included }
  }
  return visit(main)
}

/** The directives of a configuration with those of the files that it includes; none without a file. */
export const readConfiguration = async (
  main: string,
  root: string,
  files: Files,
  read: (path: string) => Promise<string | null>,
): Promise<readonly Directive[]> => {
  const file = await readConfigFiles(main, root, files, read)
  return file === null ? [] : directivesOf(file)
}
