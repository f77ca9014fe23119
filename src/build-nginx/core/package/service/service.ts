import { parseFlag } from '../../configure/flags.ts'
import { belowPrefix, type Places, placesOf } from '../../install/places.ts'
import { serviceName } from '../form.ts'

/** An nginx that runs as a service of its own. */
export interface Service {
  readonly name: string
  readonly release: string
  readonly places: Places
  readonly user: string
  readonly group: string
  /** Folders that it writes to and that nothing else has: made at boot, and removed by a purge. */
  readonly ownFolders: readonly string[]
}

const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/'

export const serviceOf = (flags: readonly string[], release: string): Service => {
  const places = placesOf(flags)
  const { prefix, pid, logs, temporary, user } = places
  const group = flags.map(parseFlag).findLast(({ name }) => name === '--group')?.value ?? user
  const folders = [
    parentOf(pid),
    ...logs.map(parentOf),
    ...temporary.map((path) => parentOf(belowPrefix(prefix, path))),
  ]
  // A folder of somebody else, such as /var/log, is neither made nor removed.
  const isOwn = (folder: string): boolean =>
    folder !== prefix &&
    (folder.startsWith(`${prefix}/`) || folder.split('/').includes(serviceName))
  return {
    name: serviceName,
    release,
    places,
    user,
    group,
    ownFolders: [...new Set(folders)].filter(isOwn).sort(),
  }
}
