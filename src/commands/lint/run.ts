import { normalize, relative, resolve } from 'node:path'
import type { Context } from '../../context.ts'
import { decodeConfig } from '../../core/config/text.ts'
import { compareWithBaseline, formatBaseline, readBaseline } from '../../core/linting/baseline.ts'
import { type FileKind, fileKinds, kindOf } from '../../core/linting/files/kind.ts'
import type { FileSettings } from '../../core/linting/files/lint.ts'
import { type Finding, isCounted } from '../../core/linting/finding.ts'
import { parseVersion } from '../../core/model/version.ts'
import { UsageError } from '../../errors.ts'
import { exitCodes } from '../../exit-codes.ts'
import { detailOf, formatDiagnostics } from '../../report/diagnostics.ts'
import { formatFileChange } from '../../report/diff.ts'
import { lintGithub, lintGitlab } from '../../report/lint/annotations.ts'
import { lintJson } from '../../report/lint/json.ts'
import { lintSarif } from '../../report/lint/sarif.ts'
import { styleFor } from '../../report/style.ts'
import { visible } from '../../report/visible.ts'
import type { ArgsOf, Outcome, Run } from '../define.ts'
import type { lintOptions } from '../lint.ts'
import { allowedPaths } from '../named.ts'
import { specFile } from '../spec-file.ts'
import type { Check } from './checked.ts'
import { lintConfigFiles, withIncluded } from './config-files.ts'
import { changeOf, type Fixed, type Outcome as FixOutcome, withFixes, writeFixed } from './fix.ts'
import { lintSpec } from './spec.ts'

type Args = ArgsOf<typeof lintOptions>

const checkArgs = (args: Args, files: readonly string[]): void => {
  if (args.dryRun && !args.fix)
    throw new UsageError('--dry-run needs --fix: without it, nothing is written', {
      help: 'remove --dry-run, or add --fix',
    })
  if (args.writeBaseline && args.baseline === null)
    throw new UsageError('--write-baseline needs the name of a file', {
      help: 'add --baseline sessctl-baseline.json',
    })
  if (args.fix && files.includes('-'))
    throw new UsageError('--fix cannot write to standard input', { help: 'name a file' })
}

/** As in a repository: relative to the working directory where the file is below it. */
const nameOf = (file: string, { cwd }: Context): string => {
  const below = relative(cwd, resolve(cwd, file))
  return below.startsWith('..') || below === '' ? normalize(file) : below
}

interface NamedFile {
  readonly file: string
  readonly path: string
  readonly bytes: Uint8Array
  readonly kind: FileKind
}

const kindOfFile = (file: string, bytes: Uint8Array, type: string): FileKind => {
  const kind = fileKinds.find((each) => each === type) ?? kindOf(file, decodeConfig(bytes).text)
  if (kind !== null) return kind
  throw new UsageError(`${file}: neither the name nor the content says what this file configures`, {
    help: 'add --type nginx, haproxy, httpd, tomcat or spec',
  })
}

const readFile = async (given: string, args: Args, context: Context): Promise<NamedFile> => {
  const file = given === '-' ? given : nameOf(given, context)
  const path = resolve(context.cwd, file)
  const bytes = given === '-' ? await context.readStdin() : await context.files.read(path)
  const kind = kindOfFile(file, bytes, args.type)
  if (kind === 'spec' && given !== '-') await context.files.checkSpecPlace(path, file)
  return { file, path, bytes, kind }
}

const settingsOf = ({ nginxVersion }: Args): FileSettings => {
  if (nginxVersion !== null && !/^\d+\.\d+\.\d+$/.test(nginxVersion))
    throw new UsageError(`--nginx-version ${nginxVersion} is not a release of nginx`, {
      help: 'write three numbers, such as 1.26.3',
    })
  return { nginxVersion: nginxVersion === null ? null : parseVersion(nginxVersion) }
}

/** The checks to run: each spec alone, all other files together. */
const checksOf = async (
  files: readonly NamedFile[],
  args: Args,
  context: Context,
): Promise<readonly Check[]> => {
  const { allowOutside } = args
  const specs = files.filter(({ kind }) => kind === 'spec')
  const others = files.flatMap(({ kind, ...file }) =>
    kind === 'spec' ? [] : [{ ...file, kind, isIncluded: false }],
  )
  const checks = specs.map(
    (spec): Check =>
      async (contents) =>
        lintSpec({ ...spec, bytes: contents.get(spec.path) ?? spec.bytes }, allowOutside, context),
  )
  if (others.length === 0) return checks
  const settings = settingsOf(args)
  const allowed = allowedPaths(allowOutside, context)
  const all = await withIncluded(others, (path) => nameOf(path, context), allowed, context)
  return [...checks, async (contents) => lintConfigFiles(all, settings, contents)]
}

/** What the baseline leaves, and what is said about it. */
interface Judged {
  readonly findings: readonly Finding[]
  readonly notes: readonly string[]
}

const count = (number: number, what: string): string =>
  `${number} ${what}${number === 1 ? '' : 's'}`

const judged = async (
  all: readonly Finding[],
  { baseline, writeBaseline }: Args,
  { cwd, files }: Context,
): Promise<Judged> => {
  if (baseline === null) return { findings: all, notes: [] }
  const place = resolve(cwd, baseline)
  if (writeBaseline) {
    const accepted = all.filter(isCounted)
    await files.write(place, formatBaseline(accepted))
    return { findings: [], notes: [`${count(accepted.length, 'finding')} written to ${baseline}`] }
  }
  const known = readBaseline(new TextDecoder().decode(await files.read(place)))
  if (known === null)
    throw new UsageError(`${baseline} is not a baseline of sessctl lint`, {
      help: 'write one with --write-baseline',
    })
  const { fresh, known: hidden, gone } = compareWithBaseline(all, known)
  const notes = [
    ...(hidden.length === 0 ? [] : [`${count(hidden.length, 'finding')} of ${baseline} not shown`]),
    ...(gone === 0
      ? []
      : [
          `${count(gone, 'finding')} of ${baseline} no longer found: --write-baseline removes them`,
        ]),
  ]
  return { findings: fresh, notes }
}

const answer = (
  { findings, notes }: Judged,
  changed: readonly Fixed[],
  exitCode: number,
  args: Args,
  { colour }: Context,
): Outcome => {
  // Notes are choices of sessctl: no remarks for a review unless they are asked for.
  const remarks = args.verbose ? findings : findings.filter(isCounted)
  const said = args.quiet ? '' : notes.map((note) => `${visible(note)}\n`).join('')
  switch (args.format) {
    case 'json': {
      const diffs = args.fix ? { changes: changed.map(changeOf) } : {}
      return { exitCode, stdout: lintJson(findings, exitCode, diffs), stderr: '' }
    }
    case 'sarif':
      return { exitCode, stdout: lintSarif(remarks), stderr: said }
    case 'gitlab':
      return { exitCode, stdout: lintGitlab(remarks), stderr: said }
    case 'github':
      // Its lines are commands, which the last filter of the output would hide.
      return { exitCode, stdout: lintGithub(remarks), isFile: true, stderr: said }
    default: {
      const style = styleFor(colour.stdout)
      const detail = detailOf(args)
      const shown = formatDiagnostics(findings, style, detail === 'counted' ? 'warnings' : detail)
      const made = args.dryRun
        ? changed.map((each) => formatFileChange(changeOf(each), style)).join('')
        : changed.map(({ after }) => `${visible(after.file)} edited\n`).join('')
      return { exitCode, stdout: `${args.quiet ? '' : made}${shown}`, stderr: said }
    }
  }
}

export const runLint: Run<typeof lintOptions> = async (args, context, { operands }) => {
  checkArgs(args, operands)
  const named = operands.length > 0 ? [...new Set(operands)] : [await specFile(null, [], context)]
  const files: NamedFile[] = []
  for (const file of named) files.push(await readFile(file, args, context))
  const results: FixOutcome[] = []
  for (const check of await checksOf(files, args, context))
    results.push(await withFixes(check, args.fix))
  const changed = results.flatMap((each) => each.changed)
  if (!args.dryRun) await writeFixed(changed, context)
  const all = results.flatMap(({ checked }) => checked.findings)
  const outcome = await judged(all, args, context)
  const exitCode = outcome.findings.some(isCounted) ? exitCodes.found : exitCodes.done
  return answer(outcome, changed, exitCode, args, context)
}
