import { isAbsolute } from 'node:path'
import { foreignOnWay } from '../../adapters/trusted-path.ts'

/** Where no program of the caller's PATH is root's own. */
const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

const isRootsOwn = (folder: string): boolean => {
  try {
    return isAbsolute(folder) && foreignOnWay(folder) === null
  } catch {
    return false
  }
}

/**
 * What of the caller's PATH and HOME programs get that root runs: folders where another user could
 * put a program, or a configuration that names one (ccache, git), are left out.
 */
export const trustedEnvironment = (
  env: Readonly<Record<string, string | undefined>>,
): { readonly path: string; readonly home: string } => {
  const { PATH: path = systemPath, HOME: home = '/' } = env
  if (process.getuid?.() !== 0) return { path, home }
  const kept = path.split(':').filter(isRootsOwn).join(':')
  return { path: kept === '' ? systemPath : kept, home: isRootsOwn(home) ? home : '/' }
}

/** The same for git, which finds configurations that name programs by these two. */
export const gitEnvironment = (
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> => {
  const { XDG_CONFIG_HOME: config, ...rest } = env
  const { path, home } = trustedEnvironment(env)
  const isKept = config !== undefined && (process.getuid?.() !== 0 || isRootsOwn(config))
  return { ...rest, PATH: path, HOME: home, ...(isKept ? { XDG_CONFIG_HOME: config } : {}) }
}
