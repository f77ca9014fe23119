import { resolve } from 'node:path'
import type { Context } from '../../context.ts'
import { didYouMean } from '../../core/diagnostics/suggest.ts'
import { insideOnly } from '../../core/outside.ts'
import { compile, readSpec, resolveSpec, shownDiagnostics } from '../../core/pipeline.ts'
import {
  type InitialServer,
  type InitialSpec,
  initialChoices,
  initialSpec,
} from '../../core/spec/initial.ts'
import { IoError, UsageError } from '../../errors.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { ArgsOf, Outcome, Run } from '../define.ts'
import type { initOptions } from '../init.ts'
import { findProgram, programs } from '../tools/programs.ts'

type Args = ArgsOf<typeof initOptions>

const exampleServers = 'app1=10.0.0.11:8080,app2=10.0.0.12:8080'

/** @throws UsageError for a value that is not offered. */
const chosen = <Choice extends string>(
  option: string,
  value: string,
  choices: readonly Choice[],
): Choice => {
  const found = choices.find((choice) => choice === value)
  if (found !== undefined) return found
  throw new UsageError(`"${value}" is not a value of ${option}`, {
    help: didYouMean(value, choices),
  })
}

/** @throws UsageError for a text that is not NAME=ADDRESS. */
const serverOf = (text: string): InitialServer => {
  const [name = '', address = '', ...more] = text.split('=')
  if (name !== '' && address !== '' && more.length === 0) return { name, address }
  throw new UsageError(`"${text}" is not a value of --server`, {
    help: 'write NAME=ADDRESS:PORT, such as app1=10.0.0.11:8080',
  })
}

/** The value of an option, else the answer of the user, else the default. */
const answerFor = async (
  option: string | null,
  question: string,
  standard: string,
  { yes }: Args,
  { ask }: Context,
): Promise<string> => {
  if (option !== null) return option
  if (yes || ask === null) return standard
  const answer = (await ask(`${question} [${standard}]: `)).trim()
  return answer === '' ? standard : answer
}

const listed = (values: readonly string[]): string | null =>
  values.length === 0 ? null : values.join(',')

const answers = async (args: Args, context: Context): Promise<InitialSpec> => {
  const answer = (option: string | null, question: string, standard: string) =>
    answerFor(option, question, standard, args, context)
  const name = await answer(args.name, 'Name of the application', 'shop')
  const hostName = await answer(args.hostName, 'Public host name', 'shop.example.com')
  const proxy = await answer(
    listed(args.proxy),
    'Proxies, separated by commas (nginx, haproxy, httpd)',
    'nginx',
  )
  const proxies = proxy.split(',').map((one) => chosen('--proxy', one.trim(), initialChoices.proxy))
  const runtime = await answer(
    args.runtime,
    'Application server (tomcat, spring, php, django)',
    'tomcat',
  )
  const servers = await answer(listed(args.server), 'Servers, as NAME=ADDRESS:PORT', exampleServers)
  const sessions = await answer(
    args.sessions,
    'Sessions: local in each server, or shared in Redis (local, shared)',
    'local',
  )
  const versions: Record<string, string> = {}
  for (const one of proxies) {
    const found = await findProgram(programs[one], context)
    if (found !== null) versions[one] = found.version
  }
  return {
    name,
    hostName,
    proxies: [...new Set(proxies)],
    versions,
    runtime: chosen('--runtime', runtime, initialChoices.runtime),
    sessions: chosen('--sessions', sessions, initialChoices.sessions),
    servers: servers.split(',').map((one) => serverOf(one.trim())),
  }
}

/** A name or address may be one that a spec cannot have. @throws UsageError that says which. */
const checkSpec = (text: string): void => {
  const resolved = resolveSpec(readSpec('sessctl.yaml', text), {})
  const compilation = compile(resolved, insideOnly(new Map()), null)
  const [error] = shownDiagnostics(compilation).filter(({ severity }) => severity === 'error')
  if (error !== undefined) throw new UsageError(error.message, { help: error.help })
}

export const runInit: Run<typeof initOptions> = async (args, context): Promise<Outcome> => {
  const { output } = args
  const path = resolve(context.cwd, output)
  const isPrinted = output === '-'
  if (!isPrinted && !args.force && (await context.files.exists(path)))
    throw new IoError(`${output} exists`, {
      help: 'name another file with --output, or replace it with --force',
    })
  const text = initialSpec(await answers(args, context))
  checkSpec(text)
  if (isPrinted) return { exitCode: exitCodes.done, stdout: text, stderr: '' }
  await context.files.write(path, text)
  const file = output === 'sessctl.yaml' ? '' : ` ${output}`
  return {
    exitCode: exitCodes.done,
    stdout: `${output} written. Edit it, then run sessctl generate${file}.\n`,
    stderr: '',
  }
}
