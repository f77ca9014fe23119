import { dirname, join, relative, resolve } from 'node:path'
import type { Context } from '../context.ts'
import { Findings } from '../core/diagnostics/findings.ts'
import { locate, type Source } from '../core/diagnostics/located.ts'
import type { Input, InputFile } from '../core/dialects/dialect.ts'
import type { ReadFiles } from '../core/outside.ts'
import { type Compilation, inputFiles, type Only } from '../core/pipeline.ts'
import { reportPath } from '../core/spec/codes.ts'
import { IoError, OutsideError, UsageError } from '../errors.ts'
import type { Named, NamedFiles } from '../ports.ts'

/** The spec that a command line names, and what it allows the spec to read. */
export interface SpecFile {
  readonly file: string
  /** Files and folders outside of the repository. */
  readonly allowOutside: readonly string[]
}

/** Paths in a spec start here. */
export const specFolder = (file: string, { cwd }: Pick<Context, 'cwd'>): string =>
  file === '-' ? cwd : dirname(resolve(cwd, file))

/** The paths of --allow-outside, absolute. @throws UsageError for an empty one, which would be this folder. */
export const allowedPaths = (
  paths: readonly string[],
  { cwd }: Pick<Context, 'cwd'>,
): readonly string[] => {
  if (paths.includes(''))
    throw new UsageError('--allow-outside names no path', { help: 'name a file or a folder' })
  return paths.map((path) => resolve(cwd, path))
}

const where = 'outside the folder of the spec and the git repository around it'

/** @param name how the spec names it. */
export const outsideMessage = (
  { path, reason }: OutsideError,
  name: string,
): readonly [message: string, help: string] => {
  switch (reason) {
    case 'outside':
      return [
        `"${name}" is ${where}`,
        `copy it into the repository, or allow it: --allow-outside ${path}`,
      ]
    case 'link':
      return [
        `"${name}" leads by a symbolic link to a place ${where}`,
        'copy the file into the repository, or name what the link leads to with --allow-outside (readlink -f shows it)',
      ]
    case 'git':
      return [
        `"${name}" is a file of git itself (.git), which no spec reads`,
        'name a file of the work tree',
      ]
  }
}

const reportOutside = (
  input: InputFile,
  place: string,
  error: OutsideError,
  findings: Findings,
): void => {
  const inner = relative(place, error.path)
  const name = inner === '' ? input.path : join(input.path, inner)
  reportPath(findings, 'path-outside', input.at, ...outsideMessage(error, name))
}

const unreadable = ({ at }: InputFile, error: IoError, source: Source): IoError => {
  const [located] = locate([{ code: 'io', severity: 'error', message: '', help: null, at }], source)
  const start = located
    ? `${located.location.file}:${located.location.line}:${located.location.column}: `
    : ''
  return new IoError(`${start}${error.message}`, {
    cause: error,
    help: 'paths in a spec start at the folder of the spec',
  })
}

const readInput = (
  kind: InputFile['kind'],
  place: string,
  files: NamedFiles,
): Promise<Named<Input> | null> => {
  if (kind === 'webapp') return files.readWebapp(place)
  if (kind === 'nginx' || kind === 'haproxy' || kind === 'httpd')
    return files.readConfig(place, kind)
  return kind === 'conf' ? files.readConf(place) : files.read(place)
}

const reportNotRead = (input: InputFile, findings: Findings): void => {
  reportPath(
    findings,
    'path-not-read',
    input.at,
    `the other files in "${input.path}" are not read: --allow-outside names one file in it`,
    'name the folder to have its context.xml, web.xml and context files checked',
  )
}

/**
 * Reads the user's files that rendering needs.
 * @param needsAll whether one that cannot be read is an error.
 * @throws IoError for such a one.
 */
export const readInputs = async (
  { cluster, source }: Compilation,
  only: Only,
  { file, allowOutside }: SpecFile,
  context: Context,
  needsAll: boolean,
): Promise<ReadFiles> => {
  const inputs = new Map<string, Input>()
  const outside = new Set<string>()
  const findings = new Findings()
  const folder = specFolder(file, context)
  const files = context.files.namedBy(folder, allowedPaths(allowOutside, context))
  const wanted = cluster === null ? [] : inputFiles(cluster, only)
  for (const input of wanted) {
    const place = resolve(folder, input.path)
    try {
      const found = await readInput(input.kind, place, files)
      if (found === null) reportNotRead(input, findings)
      else inputs.set(input.path, found.content)
      if (found?.isOutside) outside.add(input.path)
    } catch (error) {
      if (error instanceof OutsideError) reportOutside(input, place, error, findings)
      else if (!(error instanceof IoError)) throw error
      else if (needsAll) throw unreadable(input, error, source)
    }
  }
  // Where a file is refused, a note about its folder is of no use.
  const problems = findings.hasErrors
    ? findings.all.filter(({ severity }) => severity === 'error')
    : findings.all
  return { inputs, outside, problems }
}
