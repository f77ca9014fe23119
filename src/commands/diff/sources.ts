import { dirname, resolve } from 'node:path'
import type { Context } from '../../context.ts'
import { IoError, UsageError } from '../../errors.ts'
import type { ArgsOf } from '../define.ts'
import type { diffOptions } from '../diff.ts'
import { loadSpec } from '../load.ts'
import { namedSpecs, specFile } from '../spec-file.ts'
import { type Revision, revisionAt, specAt, specAtBase } from './revision.ts'
import type { Side, SpecSide } from './side.ts'

type Args = ArgsOf<typeof diffOptions>

/** What the command line compares. */
export interface Sources {
  readonly before: Side
  readonly after: Side
  /** For text output, one line each. */
  readonly notes: readonly string[]
}

const isFolder = async (path: string, { files }: Context): Promise<boolean> => {
  try {
    await files.list(path)
    return true
  } catch (error) {
    if (error instanceof IoError) return false
    throw error
  }
}

/** The spec as it is now. */
const specNow = async (file: string, args: Args, context: Context): Promise<SpecSide> => {
  const resolved = await loadSpec(file, context)
  const { allowOutside } = args
  return {
    kind: 'spec',
    label: resolved.source.file,
    file,
    resolved,
    from: { file, allowOutside },
    context,
    commit: null,
  }
}

/** The same, next to a revision: where there is no work tree, the new spec is in a revision, too. */
const specOfWorkTree = (file: string, args: Args, context: Context): Promise<SpecSide> =>
  specNow(file, args, context).catch((error: unknown) => {
    if (!(error instanceof IoError)) throw error
    throw new IoError(error.message, {
      cause: error,
      help: 'name the file of the spec; in a bare repository, or if the spec was removed, name the revision with the new spec: --head REVISION',
    })
  })

/** The content of one file in the place of another one, from which the files that it names are found. */
const inPlaceOf = (file: string, place: string, context: Context): Context => {
  const { cwd, files } = context
  const [from, to] = [resolve(cwd, file), resolve(cwd, place)]
  return {
    ...context,
    files: {
      ...files,
      read: (path, mostBytes) => files.read(path === to ? from : path, mostBytes),
      checkSpecPlace: (path, name) => files.checkSpecPlace(path === to ? from : path, name),
    },
  }
}

/** A spec, a folder of generated files, or `/dev/null`, as git names a file that does not exist. */
const operandSide = async (
  file: string,
  prefix: 'a' | 'b',
  args: Args,
  context: Context,
): Promise<Side> => {
  if (file === '/dev/null') return { kind: 'none', label: file, commit: null }
  const path = resolve(context.cwd, file)
  if (file !== '-' && (await isFolder(path, context)))
    return { kind: 'folder', label: file, folder: path, commit: null }
  if (args.as === null || file === '-') return specNow(file, args, context)
  const within = inPlaceOf(file, args.as, context)
  const label = `${prefix}/${args.as}`
  const resolved = await loadSpec(args.as, within, label)
  const from = { file: args.as, allowOutside: args.allowOutside }
  return { kind: 'spec', label, file: args.as, resolved, from, context: within, commit: null }
}

const ofOperands = async (
  [old, now]: readonly [string, string],
  args: Args,
  context: Context,
): Promise<Sources> => {
  const before = await operandSide(old, 'a', args, context)
  const after = await operandSide(now, 'b', args, context)
  if (before.kind !== 'folder' && after.kind === 'folder')
    throw new UsageError(`${now} is a folder, and ${old} is none`, {
      help: 'name two specs or two folders of generated files, or a folder and then the spec',
    })
  return { before, after, notes: notesOf(before, after, args) }
}

/** Where a revision is asked for: the folder of the spec, else the working directory. */
const folderOf = (args: Args, operands: readonly string[], { cwd }: Context): string => {
  const [named] = namedSpecs(args.file === null ? [] : [args.file], operands)
  if (named === '-')
    throw new UsageError('--base needs a spec in a file, not standard input', {
      help: 'name the spec with --file',
    })
  return named === undefined ? cwd : dirname(resolve(cwd, named))
}

const none = (revision: Revision, file: string): Side => ({
  kind: 'none',
  label: `${revision.name}:${file}`,
  commit: revision.commit.id,
})

const ofRevisions = async (
  base: string,
  args: Args,
  operands: readonly string[],
  context: Context,
): Promise<Sources> => {
  const folder = folderOf(args, operands, context)
  const head = args.head === null ? null : await revisionAt(args.head, folder, context)
  // The base may have the only spec: a change can remove it.
  const old = await revisionAt(base, folder, context)
  const file = await specFile(args.file, operands, head?.context ?? context).catch(
    (error: unknown) => {
      if (head === null || !(error instanceof IoError)) throw error
      return specFile(args.file, operands, old.context)
    },
  )
  const { allowOutside, baseFile } = args
  const after =
    head === null
      ? await specOfWorkTree(file, args, context)
      : await specAt(head, file, allowOutside)
  const before = await specAtBase(old, head, { file, baseFile, allowOutside })
  if (before === null && after === null)
    throw new IoError(`${file} is neither in ${base} nor in ${args.head ?? 'the work tree'}`, {
      help: 'name the spec with --file',
    })
  const sides = {
    before: before ?? none(old, file),
    after: after ?? none(head ?? old, file),
  }
  return { ...sides, notes: notesOf(sides.before, sides.after, args) }
}

const notesOf = (before: Side, after: Side, { base, head }: Args): readonly string[] => {
  const ofFile = ({ label }: Side): string => label.slice(label.indexOf(':') + 1)
  if (before.kind === 'none' && after.kind === 'spec') {
    return base === null
      ? [`${after.label} is new: everything is new`]
      : [`${ofFile(before)} is not in ${base}: everything is new`]
  }
  if (after.kind === 'none' && before.kind === 'spec')
    return head === null
      ? [`${before.label} is removed: everything is removed`]
      : [`${ofFile(after)} is not in ${head}: everything is removed`]
  if (
    base !== null &&
    before.kind === 'spec' &&
    after.kind === 'spec' &&
    before.file !== after.file
  )
    return [`${after.file} was ${before.file} in ${base}`]
  return []
}

/** @throws UsageError for options that need others. */
export const checkArgs = (
  { file, base, head, baseFile, as }: Args,
  operands: readonly string[],
): void => {
  if (base === null && head !== null)
    throw new UsageError('--head needs --base, the revision before it', {
      help: `add --base: sessctl diff --base origin/main --head ${head}`,
    })
  if (base === null && baseFile !== null)
    throw new UsageError('--base-file needs --base, the revision that has the file', {
      help: 'add --base, or name two files',
    })
  const [old, now] = operands
  const named = Object.entries({ '--base': base, '--file': file }).filter(
    ([, each]) => each !== null,
  )
  if (now !== undefined && named.length > 0)
    throw new UsageError(
      `two files and ${named.map(([option]) => option).join(' and ')} cannot be compared at once`,
      { help: 'name two files, or one file and --base' },
    )
  if (old === now && (old === '-' || old === '/dev/null'))
    throw new UsageError(
      `both specs are ${old === '-' ? 'standard input' : '/dev/null, which has none'}`,
      { help: 'name a file for one of them' },
    )
  if (as !== null && operands.length !== 2)
    throw new UsageError('--as needs two files, which are read in the place of this one', {
      help: 'name the old spec and the new one',
    })
}

/** What the command line compares: nothing is rendered yet. */
export const sourcesOf = async (
  args: Args,
  operands: readonly string[],
  context: Context,
): Promise<Sources> => {
  checkArgs(args, operands)
  const [old, now] = operands
  if (old !== undefined && now !== undefined) return ofOperands([old, now], args, context)
  if (args.base !== null) return ofRevisions(args.base, args, operands, context)
  const file = await specFile(args.file, operands, context)
  const folder: Side = {
    kind: 'folder',
    label: args.output,
    folder: resolve(context.cwd, args.output),
    commit: null,
  }
  return { before: folder, after: await specNow(file, args, context), notes: [] }
}

/** The spec of the last commit; null where the repository does not have it. */
export const committedSpec = async (
  { file, from }: SpecSide,
  context: Context,
): Promise<SpecSide | null> => {
  if (file === '-') return null
  const head = await revisionAt('HEAD', dirname(resolve(context.cwd, file)), context)
  return specAt(head, file, from.allowOutside)
}
