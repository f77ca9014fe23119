import { dirname, resolve } from 'node:path'
import { BuildError } from '../../errors.ts'
import type { Files } from '../../ports.ts'
import { type Directive, readDirectives } from '../core/install/directives.ts'
import { filesMatching } from './matching.ts'

/** nginx itself ends when it has no file descriptors left. */
const mostFiles = 10_000

/**
 * The directives of a configuration with those of the files that it includes, as nginx reads them.
 * Unlike `nginx -T` this changes nothing on the host: as root, nginx creates folders and log files and
 * changes the owner of its temporary folders even when it only tests or prints a configuration.
 * @param main absolute on the machine whose file system begins at `root`.
 * @param read the text of a file; null: it is not there, and has no directives.
 * @throws BuildError for files that include each other.
 */
export const readConfiguration = async (
  main: string,
  root: string,
  files: Files,
  read: (path: string) => Promise<string | null>,
): Promise<readonly Directive[]> => {
  const found: Directive[] = []
  let count = 0
  const visit = async (file: string, around: readonly string[]): Promise<void> => {
    count += 1
    if (count > mostFiles)
      throw new BuildError(`${main} includes more than ${mostFiles} files`, {
        help: 'look for a file that includes itself',
      })
    for (const directive of readDirectives((await read(`${root}${file}`)) ?? '', around)) {
      const [path = ''] = directive.args
      if (directive.name !== 'include') found.push(directive)
      // Relative to the folder of nginx.conf, also in files that are included.
      else
        for (const each of await filesMatching(resolve(dirname(main), path), root, files))
          await visit(each, directive.within)
    }
  }
  await visit(main, [])
  return found
}
