import { dirname, resolve } from 'node:path'
import type { Context } from '../../context.ts'
import { locate, type Source } from '../../core/diagnostics/located.ts'
import { importFiles } from '../../core/import/index.ts'
import { IoError, UsageError } from '../../errors.ts'
import { exitCodes } from '../../exit-codes.ts'
import { detailOf, formatDiagnostics } from '../../report/diagnostics.ts'
import { styleFor } from '../../report/style.ts'
import { visible } from '../../report/visible.ts'
import type { ArgsOf, Outcome, Run } from '../define.ts'
import type { importOptions } from '../import.ts'
import { installedNginx, installedRelease, runningMainFile } from './installed.ts'
import { readSources } from './sources.ts'

type Args = ArgsOf<typeof importOptions>

/** The places of files are complete already. */
const nowhere: Source = {
  file: '',
  text: '',
  range: () => [0, 0],
  edit: () => null,
  secrets: () => [],
}

const namePattern = /^[a-z][a-z0-9-]{0,62}$/

const checkArgs = ({ fromRunning, name }: Args, files: readonly string[]): void => {
  if (files.length === 0 && !fromRunning)
    throw new UsageError('no file to import', {
      help: 'name an nginx.conf or a server.xml, or use --from-running',
    })
  if (name !== null && !namePattern.test(name))
    throw new UsageError(`"${name}" is not a name of a cluster`, {
      help: 'write a lower-case letter, then lower-case letters, digits or "-"',
    })
}

/** How the spec is used next. */
const nextSteps = (output: string, text: string, outside: readonly string[]): string => {
  const allow = outside.map((folder) => ` --allow-outside ${folder}`).join('')
  const file = output === 'sessctl.yaml' ? '' : ` ${output}`
  const questions = text.split('\n').filter((line) => /# .*TODO: /.test(line)).length
  const answer =
    questions === 0
      ? ''
      : ` Answer its ${questions} ${questions === 1 ? 'comment' : 'comments'} with TODO.`
  return `${output} written.${answer} Then run sessctl generate${file}${allow}.\n`
}

const writeText = async (path: string, text: string, args: Args, { files }: Context) => {
  if (!args.force && (await files.exists(path)))
    throw new IoError(`${args.output ?? path} exists`, {
      help: 'name another file with --output, or replace it with --force',
    })
  await files.write(path, text)
}

export const runImport: Run<typeof importOptions> = async (
  args,
  context,
  { operands },
): Promise<Outcome> => {
  checkArgs(args, operands)
  const { output } = args
  const isPrinted = output === null || output === '-'
  const path = resolve(context.cwd, isPrinted ? 'sessctl.yaml' : output)
  const running = args.fromRunning ? [await runningMainFile(context)] : []
  const files = [...new Set([...running, ...operands])]
  const { outside, sources } = await readSources(files, dirname(path), context)
  const has = (wanted: string): boolean => sources.some(({ kind }) => kind === wanted)
  const { diagnostics, text } = importFiles(sources, {
    spec: isPrinted ? 'sessctl.yaml' : output,
    name: args.name,
    nginx: has('nginx') ? await installedNginx(context) : null,
    haproxy: has('haproxy') ? await installedRelease('haproxy', context) : null,
    httpd: has('httpd') ? await installedRelease('httpd', context) : null,
  })
  const stderr = formatDiagnostics(
    locate(diagnostics, nowhere),
    styleFor(context.colour.stderr),
    detailOf(args),
  )
  if (text === null) return { exitCode: exitCodes.found, stdout: '', stderr }
  if (isPrinted) return { exitCode: exitCodes.done, stdout: text, isFile: true, stderr }
  await writeText(path, text, args, context)
  const next = args.quiet ? '' : visible(nextSteps(output, text, outside).trimEnd())
  return { exitCode: exitCodes.done, stdout: next === '' ? '' : `${next}\n`, stderr }
}
