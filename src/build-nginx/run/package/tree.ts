import { BuildError } from '../../../errors.ts'
import { sha256Hex } from '../../core/digest.ts'
import { layoutOf } from '../../core/package/layout.ts'
import type { BuildPlan } from '../../core/plan/plan.ts'
import type { Disk } from '../../ports/build.ts'
import type { StepTools } from '../engine.ts'
import { type Job, moduleEnv } from '../job.ts'

export interface InstalledFile {
  readonly sha256: string
  readonly isExecutable: boolean
  /** Which of the build's own files it is; null: it stands in the tree itself. */
  readonly binary: string | null
}

/** What belongs on a host, by paths that begin at its root, without the first `/`. */
export interface InstallTree {
  readonly files: Readonly<Record<string, InstalledFile>>
  readonly folders: readonly string[]
}

export const treeFolder = 'root'

/** Copies of the files beside them, and lists of what Perl installed when. */
const isLeftOut = (path: string): boolean =>
  /\.default$|(^|\/)(perllocal\.pod|\.packlist)$/.test(path)

/** Of a module alone: where its nginx looks for modules. */
const modulesOnly = (
  files: Readonly<Record<string, string>>,
  modulesFolder: string,
): InstallTree => ({
  files: Object.fromEntries(
    Object.entries(files).map(([name, sha256]) => [
      `${modulesFolder}/${name}`.slice(1),
      { sha256, isExecutable: false, binary: name },
    ]),
  ),
  folders: [],
})

const sortOut = async (
  root: string,
  binaries: Readonly<Record<string, string>>,
  disk: Disk,
): Promise<InstallTree> => {
  const files: Record<string, InstalledFile> = {}
  const folders: string[] = []
  for (const { path, kind, isExecutable } of await disk.list(root)) {
    if (kind === 'folder') folders.push(path)
    if (kind !== 'file') continue
    if (isLeftOut(path)) {
      await disk.remove(`${root}/${path}`)
      continue
    }
    const sha256 = sha256Hex(await disk.read(`${root}/${path}`))
    const [binary = null] = Object.entries(binaries).find(([, one]) => one === sha256) ?? []
    if (binary !== null) await disk.remove(`${root}/${path}`)
    files[path] = { sha256, isExecutable: isExecutable && !path.endsWith('.so'), binary }
  }
  return { files, folders }
}

/**
 * What `make install` would do, in a folder of the build: nginx itself knows best what belongs to it.
 * @param binaries sha256 by name of what is kept beside the tree already.
 * @returns null when the prefix is not absolute.
 */
export const installTree = async (
  work: string,
  plan: BuildPlan,
  binaries: Readonly<Record<string, string>>,
  stage: string,
  job: Job,
  { say }: Pick<StepTools, 'say'>,
): Promise<InstallTree | null> => {
  const { disk, processes } = job.world
  const layout = layoutOf(plan.flags)
  if (layout === null) return null
  if (plan.target === 'modules') return modulesOnly(binaries, layout.modules)
  const root = `${stage}/${treeFolder}`
  await disk.makeFolder(root)
  const args = ['-f', 'objs/Makefile', '-o', 'objs/ngx_auto_config.h', 'install', `DESTDIR=${root}`]
  const lines: string[] = []
  const onLine = (line: string): void => {
    lines.push(line)
    say(line)
  }
  const ended = await processes.run('make', args, {
    cwd: `${work}/nginx`,
    env: moduleEnv(job),
    onLine,
  })
  if (ended?.exitCode !== 0)
    throw new BuildError(`make install failed: ${lines.at(-1) ?? ''}`, {
      help: 'see the log of the step',
    })
  return sortOut(root, binaries, disk)
}

const isTree = (value: unknown): value is InstallTree =>
  typeof value === 'object' && value !== null && 'files' in value && 'folders' in value

/** A tree of the cache; undefined when it is damaged. */
export const knownTree = async (
  value: unknown,
  folder: string,
  disk: Disk,
): Promise<InstallTree | null | undefined> => {
  if (value === null) return null
  if (!isTree(value)) return undefined
  for (const [path, { sha256, binary }] of Object.entries(value.files)) {
    if (binary !== null) continue
    const bytes = await disk.readIfThere(`${folder}/${treeFolder}/${path}`)
    if (bytes === null || sha256Hex(bytes) !== sha256) return undefined
  }
  return value
}
