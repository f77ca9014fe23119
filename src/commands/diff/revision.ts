import { dirname, relative, resolve } from 'node:path'
import type { Context } from '../../context.ts'
import { IoError, UsageError } from '../../errors.ts'
import type { Commit, Files, NamedFiles } from '../../ports.ts'
import { loadSpec } from '../load.ts'
import type { SpecSide } from './side.ts'

/** Links in a commit lead to other files of the commit, or to none. */
const ofCommit = <Content>(content: Content) => ({ content, isOutside: false })

/**
 * Files that the spec named at the revision, with their content of that time. A file outside the
 * repository has no history: its present content is read, if the command line allows it.
 */
const namedIn = (commit: Commit, revision: string, disk: NamedFiles): NamedFiles => ({
  ...disk,
  read: async (path) => {
    if (!commit.holds(path)) return disk.read(path)
    const bytes = await commit.read(path)
    if (bytes === null) throw new IoError(`cannot read ${path}: it is not in ${revision}`)
    return ofCommit(bytes)
  },
  // A .war is seldom committed. The present one is read instead; none of its content is in the output.
  readWebapp: async (path) => {
    const found = commit.holds(path) ? await commit.readWebapp(path) : null
    return found === null ? disk.readWebapp(path) : ofCommit(found)
  },
  readConfig: async (path, language) => {
    if (!commit.holds(path)) return disk.readConfig(path, language)
    const found = await commit.readConfig(path, language)
    if (found === null) throw new IoError(`cannot read ${path}: it is not in ${revision}`)
    return ofCommit(found)
  },
  readConf: async (folder) =>
    commit.holds(folder) ? ofCommit(await commit.readConf(folder)) : disk.readConf(folder),
})

/** Files as they were in a commit. */
const filesIn = (commit: Commit, revision: string, { files }: Context): Files => ({
  ...files,
  read: async (path) => {
    if (!commit.holds(path)) return files.read(path)
    const bytes = await commit.read(path)
    if (bytes === null) throw new IoError(`cannot read ${path}: it is not in ${revision}`)
    return bytes
  },
  checkSpecPlace: async () => undefined,
  namedBy: (folder, allowed) => namedIn(commit, revision, files.namedBy(folder, allowed)),
  exists: async (path) =>
    commit.holds(path) ? (await commit.read(path)) !== null : files.exists(path),
})

/** A revision, and how its files are read. */
export interface Revision {
  readonly name: string
  readonly commit: Commit
  readonly context: Context
}

/** @param folder in the repository. */
export const revisionAt = async (
  name: string,
  folder: string,
  context: Context,
): Promise<Revision> => {
  const commit = await context.git.commit(folder, name)
  return { name, commit, context: { ...context, files: filesIn(commit, name, context) } }
}

/** The spec at a revision; null where the revision does not have it. */
export const specAt = async (
  { name, commit, context }: Revision,
  file: string,
  allowOutside: readonly string[],
): Promise<SpecSide | null> => {
  if ((await commit.read(resolve(context.cwd, file))) === null) return null
  const label = `${name}:${file}`
  const resolved = await loadSpec(file, context, label)
  return {
    kind: 'spec',
    label,
    file,
    resolved,
    from: { file, allowOutside },
    context,
    commit: commit.id,
  }
}

/** How the command line names the spec of a revision. */
interface Named {
  readonly file: string
  /** The spec of the old side, where the command line names it; else the same file, or its name before a rename. */
  readonly baseFile: string | null
  readonly allowOutside: readonly string[]
}

/** null: the branch has no commit yet. */
const lastCommit = async (folder: string, { git }: Context): Promise<Commit | null> => {
  try {
    return await git.commit(folder, 'HEAD')
  } catch (error) {
    if (error instanceof UsageError) return null
    throw error
  }
}

/**
 * The spec at the base of a comparison, also under the name that it had before it was renamed.
 * @param later the commit that has it under the new name; null: the work tree, whose last commit is asked.
 * @throws UsageError where the base has no file of a name that the command line gives.
 */
export const specAtBase = async (
  base: Revision,
  later: Revision | null,
  { file, baseFile, allowOutside }: Named,
): Promise<SpecSide | null> => {
  const found = await specAt(base, baseFile ?? file, allowOutside)
  if (found !== null) return found
  if (baseFile !== null)
    throw new UsageError(`--base-file ${baseFile} is not in ${base.name}`, {
      help: `git ls-tree -r --name-only ${base.name} lists the files of the revision`,
    })
  const { cwd } = base.context
  const path = resolve(cwd, file)
  const last = later === null ? await lastCommit(dirname(path), base.context) : later.commit
  const old = last === null ? null : await base.commit.nameBefore(path, last.id)
  return old === null ? null : specAt(base, relative(cwd, old), allowOutside)
}
