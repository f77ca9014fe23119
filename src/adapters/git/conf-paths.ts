import { posix } from 'node:path'
import { isConfFile, isConfFolder, mostConfFiles } from '../conf-folder.ts'
import type { Ask } from './ask.ts'

/** Engines, and their hosts: each is an argument of git. */
const mostFolders = 200

interface Entry {
  readonly type: string
  readonly path: string
}

const entriesIn = async (ask: Ask, id: string, folders: readonly string[]): Promise<Entry[]> => {
  if (folders.length === 0) return []
  const places = folders.map((folder) => (folder === '.' ? '.' : `${folder}/`))
  const args = ['ls-tree', '-z', '--full-tree', id]
  const isTop = places.length === 1 && places[0] === '.'
  const listed = await ask((git) => git.raw(isTop ? args : [...args, '--', ...places]))
  return listed.split('\0').flatMap((line) => {
    const [facts = '', path = ''] = line.split('\t', 2)
    return path === '' ? [] : [{ type: facts.split(' ')[1] ?? '', path }]
  })
}

const foldersOf = (entries: readonly Entry[]): readonly string[] =>
  entries
    .filter(({ type, path }) => type === 'tree' && isConfFolder(posix.basename(path)))
    .map(({ path }) => path)
    .slice(0, mostFolders)

/**
 * The files of a configuration folder in a commit, by paths from it. Three levels are listed, never
 * all below the folder: trees of trees can have more files than there is memory.
 * @param top in the repository; `.` for its top.
 */
export const confPaths = async (ask: Ask, id: string, top: string): Promise<readonly string[]> => {
  const own = await entriesIn(ask, id, [top])
  const engines = await entriesIn(ask, id, foldersOf(own))
  const hosts = await entriesIn(ask, id, foldersOf(engines))
  return [...own, ...hosts]
    .filter(({ type }) => type === 'blob')
    .map(({ path }) => posix.relative(top, path))
    .filter(isConfFile)
    .sort()
    .slice(0, mostConfFiles)
}

/** The names in a folder of a commit. @param folder in the repository; `.` for its top. */
export const namesIn = async (ask: Ask, id: string, folder: string): Promise<readonly string[]> => {
  if (folder.startsWith('../')) return []
  return (await entriesIn(ask, id, [folder === '' ? '.' : folder]))
    .map(({ path }) => posix.basename(path))
    .slice(0, mostConfFiles)
}
