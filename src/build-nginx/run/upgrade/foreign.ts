import { dirname } from 'node:path'
import { BuildError } from '../../../errors.ts'
import type { BuildWorld } from '../../ports/build.ts'

/** As root, whoever may change a file that is executed or replaced is root as well. */
const remedy = (owner: number): string =>
  owner === 0
    ? 'take the right to write away from others (chmod go-w), if you trust what is there'
    : `run this as that user (setpriv --reuid=${owner} --regid=… --clear-groups, sudo -u), or give what is there to root, if you trust it`

/**
 * The way to a file that root is about to execute or to replace.
 * @param path as it was named: links on the way count, too.
 * @throws BuildError when this runs as root, and another user may exchange the file.
 */
export const requireRootsOwn = (
  path: string,
  { durable, userId }: Pick<BuildWorld, 'durable' | 'userId'>,
): void => {
  if (userId !== 0) return
  // In a sticky folder, others could make the files that are written beside it.
  const found = durable.foreign(path, 'whole') ?? durable.foreign(dirname(path), 'itself')
  if (found === null) return
  throw new BuildError(
    `${path} is not touched as root: another user could change it\n  ${found.path}: ${found.why}`,
    { help: remedy(found.owner) },
  )
}
