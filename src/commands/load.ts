import { resolve } from 'node:path'
import type { Context } from '../context.ts'
import { dialects } from '../core/dialects/index.ts'
import {
  addFiles,
  type Compilation,
  compile,
  type Only,
  readSpec,
  resolveSpec,
  shownDiagnostics,
} from '../core/pipeline.ts'
import { IoError, UsageError } from '../errors.ts'
import { installedVersions } from './installed.ts'
import { readInputs, type SpecFile } from './named.ts'

const stdinName = '<stdin>'

const readBytes = async (file: string, { cwd, files, readStdin }: Context): Promise<Uint8Array> => {
  if (file === '-') return readStdin()
  try {
    await files.checkSpecPlace(resolve(cwd, file), file)
    return await files.read(resolve(cwd, file))
  } catch (error) {
    if (!(error instanceof IoError)) throw error
    throw new IoError(error.message.replace(resolve(cwd, file), file), {
      cause: error,
      help: 'name the file of the spec; - is standard input',
    })
  }
}

/**
 * Reads and resolves the spec, with the versions of this host's programs where it asks for them.
 * @param name of the spec in messages.
 * @throws IoError when it cannot be read.
 */
export const loadSpec = async (
  file: string,
  context: Context,
  name = file === '-' ? stdinName : file,
): Promise<Compilation> => {
  const read = readSpec(name, await readBytes(file, context))
  return resolveSpec(read, await installedVersions(read.spec, context))
}

/**
 * The resolved spec with those of its files that can be read: a user who measures a balancer may not
 * have the files of its servers.
 */
export const addReadableFiles = async (
  resolved: Compilation,
  spec: SpecFile,
  context: Context,
): Promise<Compilation> =>
  addFiles(resolved, await readInputs(resolved, null, spec, context, false))

/** The first error of a spec that has errors, as the failure of the command. */
export const specError = (file: string, compilation: Compilation): UsageError => {
  const [first] = shownDiagnostics(compilation).filter(({ severity }) => severity === 'error')
  const where = first === undefined ? '' : `:${first.location.line}:${first.location.column}`
  return new UsageError(`${file}${where}: ${first?.message ?? 'the spec is invalid'}`, {
    help: first?.help ?? 'sessctl validate shows all errors',
  })
}

/** The dialects named by --target. @throws UsageError for one that the spec does not ask for. */
export const onlyDialects = (names: readonly string[], { cluster }: Compilation): Only => {
  if (names.length === 0) return null
  const chosen = Object.values(dialects).filter(({ name }) => names.includes(name))
  const missing =
    cluster === null ? undefined : chosen.find((dialect) => !dialect.isWanted(cluster))
  if (missing)
    throw new UsageError(`the spec has no target ${missing.name}`, {
      help: 'add it below `targets`, or remove --target',
    })
  return new Set(chosen.map(({ name }) => name))
}

/** A resolved spec → artifacts. */
export const compileLoaded = async (
  resolved: Compilation,
  only: Only,
  spec: SpecFile,
  context: Context,
): Promise<Compilation> =>
  compile(resolved, await readInputs(resolved, only, spec, context, true), only)

/** Spec file → artifacts. */
export const compileFile = async (
  spec: SpecFile,
  targets: readonly string[],
  context: Context,
): Promise<Compilation> => {
  const resolved = await loadSpec(spec.file, context)
  return compileLoaded(resolved, onlyDialects(targets, resolved), spec, context)
}
