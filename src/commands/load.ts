import { resolve } from 'node:path'
import type { Context } from '../context.ts'
import { hasErrors } from '../core/diagnostics/diagnostic.ts'
import type { DialectName } from '../core/dialects/dialect.ts'
import { dialects } from '../core/dialects/index.ts'
import type { ReadFiles } from '../core/outside.ts'
import { type Compiled, compile, type Understood, understand, withFiles } from '../core/pipeline.ts'
import { type ReadSpec, readSpec } from '../core/spec/read.ts'
import { IoError, UsageError } from '../errors.ts'
import { installedVersions } from './installed.ts'
import { readInputs, type SpecFile } from './named.ts'

const stdinName = '<stdin>'

/** How the spec is named in messages: as the user wrote it. */
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

const read = async (file: string, name: string, context: Context): Promise<ReadSpec> =>
  readSpec(name, await readBytes(file, context))

/**
 * Reads the spec and asks for what it leaves to this host.
 * @param name what messages call the spec.
 * @throws IoError when it cannot be read.
 */
export const loadSpec = async (
  file: string,
  context: Context,
  name = file === '-' ? stdinName : file,
): Promise<Understood> => {
  const found = await read(file, name, context)
  return understand(found, found.spec === null ? {} : await installedVersions(found.spec, context))
}

/**
 * The spec with what its files say, as far as they are here: whoever measures a balancer has the spec,
 * and not always the files of its servers.
 */
export const loadSpecWithFiles = async (
  spec: SpecFile,
  context: Context,
): Promise<{ readonly understood: Understood; readonly files: ReadFiles }> => {
  const understood = await loadSpec(spec.file, context)
  const files = await readInputs(understood, null, spec, context, false)
  const followed = withFiles(understood, files)
  const isRefused = hasErrors(files.problems)
  const diagnostics = isRefused
    ? [...followed.diagnostics, ...files.problems]
    : followed.diagnostics
  return {
    understood: { ...followed, cluster: isRefused ? null : followed.cluster, diagnostics },
    files,
  }
}

export type Only = ReadonlySet<DialectName> | null

/** The dialects named by --target. @throws UsageError for one that the spec does not ask for. */
export const onlyDialects = (names: readonly string[], { cluster }: Understood): Only => {
  if (names.length === 0) return null
  const chosen = Object.values(dialects).filter(({ name }) => names.includes(name))
  const missing =
    cluster === null ? undefined : chosen.find((dialect) => !dialect.isWanted(cluster))
  if (missing)
    throw new UsageError(`the spec asks for no ${missing.name}`, {
      help: 'add it below `targets`, or leave --target out',
    })
  return new Set(chosen.map(({ name }) => name))
}

/** An understood spec → artifacts. */
export const compileLoaded = async (
  understood: Understood,
  only: Only,
  spec: SpecFile,
  context: Context,
) => {
  const files = await readInputs(understood, only, spec, context, true)
  const compiled: Compiled = compile(understood, files, only)
  return { ...compiled, spec: understood.spec, understood, files, only }
}

/** Spec file → artifacts and everything that is to be said about them. */
export const compileFile = async (spec: SpecFile, targets: readonly string[], context: Context) => {
  const understood = await loadSpec(spec.file, context)
  return compileLoaded(understood, onlyDialects(targets, understood), spec, context)
}
