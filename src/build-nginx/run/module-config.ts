import { posix } from 'node:path'
import { BuildError } from '../../errors.ts'
import { warning } from '../core/plan/advice.ts'
import {
  leadsAbove,
  sourcedFiles,
  submodulesIn,
  usesModuleScript,
} from '../core/sources/config-script.ts'
import { knownModule } from '../core/sources/known/index.ts'
import type { Disk } from '../ports/build.ts'
import type { StepTools } from './engine.ts'
import type { Tree } from './steps/extract.ts'

/** More than any module has; a script that reads itself ends here, too. */
const mostScripts = 64

export interface ConfigScript {
  /** Below the top of the source. */
  readonly path: string
  readonly text: string
}

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

/** The file `config` of a module with all that it reads; empty when there is none. */
export const configScripts = async (
  { folder, fetched }: Pick<Tree, 'folder' | 'fetched'>,
  disk: Disk,
): Promise<readonly ConfigScript[]> => {
  const within = fetched.input.folder ?? ''
  const found = new Map<string, ConfigScript>()
  const waiting = ['config']
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    const path = posix.join(within, name)
    if (found.has(path) || path.startsWith('..') || found.size >= mostScripts) continue
    const bytes = await disk.readIfThere(`${folder}/${path}`)
    if (bytes === null) continue
    const text = latin1(bytes)
    found.set(path, { path, text })
    waiting.push(...sourcedFiles(text))
  }
  return [...found.values()]
}

const moduleName = ({ fetched }: Tree): string => fetched.input.name.replace(/^module:/, '')

/** Submodules of which no file came with the source. */
const missingSubmodules = async (tree: Tree, disk: Disk): Promise<readonly string[]> => {
  const listed = await disk.readIfThere(`${tree.folder}/.gitmodules`)
  const row = knownModule(moduleName(tree))
  const paths = new Set([
    ...submodulesIn(latin1(listed ?? new Uint8Array())),
    ...(row?.submodules ?? []),
  ])
  const files = (await disk.list(tree.folder)).filter(({ kind }) => kind === 'file')
  return [...paths].filter((path) => !files.some((file) => file.path.startsWith(`${path}/`)))
}

const adviseSubmodules = async (tree: Tree, disk: Disk, { advise }: StepTools): Promise<void> => {
  const paths = await missingSubmodules(tree, disk)
  if (paths.length === 0) return
  const { source } = tree.fetched.input
  advise(
    warning(
      `${tree.fetched.from} has no files of its ${paths.length === 1 ? 'submodule' : 'submodules'} ${paths.join(', ')}`,
      source.kind === 'local'
        ? `if it does not compile, fetch them: git -C ${source.path} submodule update --init --recursive`
        : 'if it does not compile, use a git URL with @TAG, whose submodules are fetched: archives do not contain them',
    ),
  )
}

const missingConfig = async ({ folder, fetched }: Tree, disk: Disk): Promise<BuildError> => {
  const within = fetched.input.folder ?? ''
  const where = within === '' ? 'its top folder' : within
  const other = (await disk.list(folder)).find(
    ({ path }) => /(^|\/)config$/.test(path) && path.split('/').length <= 2,
  )
  const place = other === undefined ? '' : posix.dirname(other.path)
  return new BuildError(
    `${fetched.from} is not an nginx module: it has no file "config" in ${where}`,
    {
      help:
        other === undefined
          ? 'name the folder with the file: SOURCE//FOLDER'
          : `name the folder of ${other.path}: ${place === '.' ? 'the source without //' : `${fetched.from}//${place}`}`,
    },
  )
}

/** @throws BuildError for a source that is no module, or not one of the kind that is wanted. */
export const checkModule = async (
  tree: Tree,
  linkage: 'static' | 'dynamic',
  disk: Disk,
  tools: StepTools,
): Promise<void> => {
  const { fetched } = tree
  const scripts = await configScripts(tree, disk)
  const [first] = scripts
  if (first === undefined) throw await missingConfig(tree, disk)
  if (linkage === 'dynamic' && !scripts.some(({ text }) => usesModuleScript(text))) {
    throw new BuildError(
      `${fetched.from} can only be built in: its config does not use auto/module, so no .so is built`,
      { help: 'build with --static' },
    )
  }
  const isAtTop = (fetched.input.folder ?? '') === ''
  if (isAtTop && scripts.some(({ text }) => leadsAbove(text))) {
    const { source } = fetched.input
    const last = source.kind === 'local' ? posix.basename(source.path) : 'FOLDER'
    throw new BuildError(
      `${fetched.from} is a part of its source: its config names files above its folder`,
      {
        help:
          source.kind === 'local'
            ? `name the whole source: ${moduleName(tree)}=${posix.dirname(source.path)}//${last}`
            : 'name the whole source, and the folder after //: SOURCE//FOLDER',
      },
    )
  }
  await adviseSubmodules(tree, disk, tools)
}
