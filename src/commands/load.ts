import { dirname, resolve } from 'node:path'
import type { Context } from '../context.ts'
import type { Diagnostic } from '../core/diagnostics/diagnostic.ts'
import { locate } from '../core/diagnostics/located.ts'
import type { DialectName, Input, InputFile } from '../core/dialects/dialect.ts'
import { dialects } from '../core/dialects/index.ts'
import {
  type Compiled,
  compile,
  inputFiles,
  type Understood,
  understand,
  withFiles,
} from '../core/pipeline.ts'
import { type ReadSpec, readSpec } from '../core/spec/read.ts'
import { IoError, UsageError } from '../errors.ts'
import type { Files } from '../ports.ts'
import { installedVersions } from './installed.ts'

const stdinName = '<stdin>'

/** How the spec is named in messages: as the user wrote it. */
const readBytes = async (file: string, { cwd, files, readStdin }: Context): Promise<Uint8Array> => {
  if (file === '-') return readStdin()
  try {
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

const readInput = (kind: InputFile['kind'], place: string, files: Files): Promise<Input> => {
  if (kind === 'webapp') return files.readWebapp(place)
  return kind === 'conf' ? files.readConf(place) : files.read(place)
}

const folderOf = (file: string, { cwd }: Context): string =>
  file === '-' ? cwd : dirname(resolve(cwd, file))

const unreadable = ({ at }: InputFile, error: IoError, { source }: Understood): IoError => {
  const marker: Diagnostic = { code: 'io', severity: 'error', message: '', help: null, at }
  const [located] = locate([marker], source)
  const where = located
    ? `${located.location.file}:${located.location.line}:${located.location.column}: `
    : ''
  return new IoError(`${where}${error.message}`, {
    cause: error,
    help: 'paths in a spec start at the folder of the spec',
  })
}

/**
 * Reads the user's files that rendering needs.
 * @param unread is called for one that cannot be read.
 */
const readInputs = async (
  understood: Understood,
  only: Only,
  file: string,
  context: Context,
  unread: (input: InputFile, error: IoError) => void,
): Promise<Map<string, Input>> => {
  const inputs = new Map<string, Input>()
  if (understood.cluster === null) return inputs
  for (const input of inputFiles(understood.cluster, only)) {
    const place = resolve(folderOf(file, context), input.path)
    try {
      inputs.set(input.path, await readInput(input.kind, place, context.files))
    } catch (error) {
      if (!(error instanceof IoError)) throw error
      unread(input, error)
    }
  }
  return inputs
}

/**
 * The spec with what its files say, as far as they are here: whoever measures a balancer has the spec,
 * and not always the files of its servers.
 */
export const loadSpecWithFiles = async (
  file: string,
  context: Context,
): Promise<{ readonly understood: Understood; readonly inputs: ReadonlyMap<string, Input> }> => {
  const understood = await loadSpec(file, context)
  const inputs = await readInputs(understood, null, file, context, () => undefined)
  return { understood: withFiles(understood, inputs), inputs }
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

/** An understood spec → artifacts; `file` is where it was read from, for the files it names. */
export const compileLoaded = async (
  understood: Understood,
  only: Only,
  file: string,
  context: Context,
) => {
  const inputs = await readInputs(understood, only, file, context, (input, error) => {
    throw unreadable(input, error, understood)
  })
  const compiled: Compiled = compile(understood, inputs, only)
  return { ...compiled, spec: understood.spec, understood, inputs, only }
}

/** Spec file → artifacts and everything that is to be said about them. */
export const compileFile = async (file: string, targets: readonly string[], context: Context) => {
  const understood = await loadSpec(file, context)
  return compileLoaded(understood, onlyDialects(targets, understood), file, context)
}
