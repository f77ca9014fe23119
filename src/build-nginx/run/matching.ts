import { basename, dirname } from 'node:path'
import type { Files } from '../../ports.ts'

const patternOf = (glob: string): RegExp =>
  new RegExp(
    `^${glob
      .replace(/[.+^${}()|\\]/g, '\\$&')
      .replace(/\*/g, '[^/]*')
      .replace(/\?/g, '[^/]')}$`,
  )

/**
 * The files that a path with wildcards names, in the order of glob(3). Wildcards are read in the last
 * part of the path, where configuration has them; a path without them names one file.
 * @param root where the machine's file system begins.
 */
export const filesMatching = async (
  path: string,
  root: string,
  files: Files,
): Promise<readonly string[]> => {
  const name = basename(path)
  if (!/[*?[]/.test(name)) return [path]
  const folder = dirname(path)
  if (!(await files.exists(`${root}${folder}`))) return []
  const pattern = patternOf(name)
  return (await files.list(`${root}${folder}`))
    .filter((each) => pattern.test(each) && (!each.startsWith('.') || name.startsWith('.')))
    .map((each) => `${folder}/${each}`)
}
