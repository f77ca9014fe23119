import { valueDigest } from '../core/digest.ts'
import { libraryPath, modulePath } from '../core/plan/plan.ts'
import type { StaticLibrary } from '../core/request.ts'
import type { Disk } from '../ports/build.ts'
import { readRecord } from './cache.ts'
import type { Tree } from './steps/extract.ts'
import type { Patched } from './steps/patch.ts'
import { sourceFiles } from './trees.ts'

/** What is known of a folder of work; written whenever it changes. */
export interface WorkState {
  readonly isConfigured: boolean
  /** A compilation began and its end was not seen: its objects may be halves. */
  readonly isCompiling: boolean
  /** What of each module is compiled, by its digest. */
  readonly modules: Readonly<Record<string, string>>
  /** What `nginx -v` will show; null when it is not ours to say. */
  readonly name: string | null
}

const freshState: WorkState = { isConfigured: false, isCompiling: false, modules: {}, name: null }
const stateFile = (folder: string): string => `${folder}/state.json`

const isState = (value: unknown): value is WorkState =>
  typeof value === 'object' &&
  value !== null &&
  'isConfigured' in value &&
  'modules' in value &&
  typeof value.modules === 'object' &&
  'name' in value

/** Null where nothing was begun, or nobody knows any more what. */
export const readState = async (folder: string, disk: Disk): Promise<WorkState | null> => {
  const value = await readRecord(stateFile(folder), disk)
  return isState(value) ? value : null
}

export const writeState = (folder: string, state: WorkState, disk: Disk): Promise<void> =>
  disk.write(stateFile(folder), JSON.stringify(state))

const isModule = ({ fetched }: Tree): boolean => fetched.input.kind === 'module'
export const moduleTrees = ({ others }: Patched): readonly Tree[] => others.filter(isModule)
export const libraryTrees = ({ others }: Patched): readonly Tree[] =>
  others.filter((tree) => !isModule(tree))
export const moduleName = ({ fetched }: Tree): string => fetched.input.name.replace(/^module:/, '')

/** What a module is now, with what patches change in it. */
export const moduleDigest = (tree: Tree, { changes }: Patched): string =>
  valueDigest([tree.digest, [...(changes.get(tree.fetched.input.name) ?? [])]])

/** Below the work's `nginx/`, where configure is called. */
const placeOf = (tree: Tree): string => {
  const { kind } = tree.fetched.input
  if (kind === 'nginx') return 'nginx'
  const path =
    kind === 'module' ? modulePath(moduleName(tree)) : libraryPath(kind satisfies StaticLibrary)
  return path.replace(/^\.\.\//, '')
}

/** A fresh copy of a tree, with what the patches change in it. */
const layOut = async (
  tree: Tree,
  folder: string,
  { changes }: Patched,
  disk: Disk,
): Promise<void> => {
  const to = `${folder}/${placeOf(tree)}`
  await disk.copy(tree.folder, to)
  const changed = changes.get(tree.fetched.input.name) ?? new Map<string, string | null>()
  const before = changed.size === 0 ? [] : await disk.list(tree.folder)
  // A script that a patch changes is a script still.
  const scripts = new Set(before.filter(({ isExecutable }) => isExecutable).map(({ path }) => path))
  for (const [path, text] of changed) {
    if (text === null) await disk.remove(`${to}/${path}`)
    else await disk.write(`${to}/${path}`, Buffer.from(text, 'latin1'), scripts.has(path))
  }
}

/** Sources side by side; there is no state until all of them stand. */
export const layOutAll = async (
  patched: Patched,
  folder: string,
  name: string | null,
  disk: Disk,
): Promise<void> => {
  await disk.remove(folder)
  for (const tree of [patched.nginx, ...patched.others]) await layOut(tree, folder, patched, disk)
  const modules = Object.fromEntries(
    moduleTrees(patched).map((tree) => [moduleName(tree), moduleDigest(tree, patched)]),
  )
  await writeState(folder, { ...freshState, modules, name }, disk)
}

/** Where configure puts the objects of a module: by the last name of each folder with sources. */
const objectFolders = async (tree: Tree, disk: Disk): Promise<readonly string[]> => {
  const name = moduleName(tree)
  const folders = (await sourceFiles(tree.folder, disk)).map(({ path }) => {
    const parts = path.split('/').slice(0, -1)
    return parts.at(-1) ?? name
  })
  return [...new Set([name, ...folders])].map((folder) => `nginx/objs/addon/${folder}`)
}

/** Puts a changed module in the place of the old one; its objects go, everybody else's stay. */
export const replaceModule = async (
  tree: Tree,
  folder: string,
  patched: Patched,
  disk: Disk,
): Promise<void> => {
  for (const objects of await objectFolders(tree, disk)) {
    if ((await disk.kind(`${folder}/${objects}`)) !== 'folder') continue
    for (const { path, kind } of await disk.list(`${folder}/${objects}`))
      if (kind === 'file') await disk.remove(`${folder}/${objects}/${path}`)
  }
  await disk.remove(`${folder}/${placeOf(tree)}`)
  await layOut(tree, folder, patched, disk)
}
