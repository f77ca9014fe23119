import { constants } from 'node:os'
import { execOnHost } from './adapters/exec.ts'
import { filesOnDisk } from './adapters/files.ts'
import { gitOnHost } from './adapters/git/commit.ts'
import {
  guardedExec,
  guardedGit,
  guardedOutput,
  guardedWorkspace,
  type Interruption,
  interruption,
} from './adapters/interruption.ts'
import { ioError } from './adapters/io-error.ts'
import { outputOnDisk } from './adapters/output/index.ts'
import {
  columnsOf,
  isTerminal,
  questions,
  readAll,
  wantsColour,
  write,
} from './adapters/terminal.ts'
import { workspaceOnDisk } from './adapters/workspace.ts'
import { buildWorld } from './build-nginx/index.ts'
import type { Outcome } from './commands/define.ts'
import type { Context } from './context.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { runProgram } from './program.ts'
import { failureJson, failureOf, formatFailure } from './report/failure.ts'
import { styleFor } from './report/style.ts'
import { terminalSafe } from './report/visible.ts'
import { version } from './version.ts'

const wantsJson = (argv: readonly string[]): boolean =>
  argv.some(
    (arg, index) => arg === '--format=json' || (arg === 'json' && argv[index - 1] === '--format'),
  )

/** What a command line gets from the process that runs it. */
export interface Surroundings {
  readonly cwd: string
  readonly env: Context['env']
  /** The folder with module/, patches/, keys/ and templates/lab/. */
  readonly packageFolder: string
}

/** This host, for one command line. */
export const contextFor = (
  argv: readonly string[],
  { cwd, env, packageFolder }: Surroundings,
  { signal, guard, guardAll }: Interruption,
): Context => ({
  cwd,
  packageFolder,
  files: filesOnDisk,
  output: guardedOutput(outputOnDisk, guard),
  workspace: guardedWorkspace(workspaceOnDisk, guard),
  exec: guardedExec(execOnHost(signal), guard),
  git: guardedGit(gitOnHost(signal, env), guard),
  build: async () => {
    guardAll()
    return buildWorld(packageFolder, signal, env)
  },
  traffic: async () => {
    guardAll()
    return (await import('./adapters/traffic/index.ts')).trafficWorld(signal)
  },
  lab: async () => {
    guardAll()
    const { labWorld } = await import('./adapters/lab/index.ts')
    return labWorld(packageFolder, workspaceOnDisk, signal)
  },
  commandLine: argv,
  env,
  readStdin: () => guard(() => readAll(signal)),
  ask: questions(signal),
  signal,
  colour: { stdout: wantsColour(1, argv, env), stderr: wantsColour(2, argv, env) },
  columns: columnsOf(1),
})

/** With --detailed-exitcode, as in Terraform, 2 says that there are changes: an invalid command line is 1. */
const failureCode = (exitCode: ExitCode, argv: readonly string[]): ExitCode =>
  exitCode === exitCodes.notUnderstood && argv.includes('--detailed-exitcode')
    ? exitCodes.found
    : exitCode

const failed = (error: unknown, argv: readonly string[], colour: boolean): Outcome => {
  const found = failureOf(error)
  const exitCode = failureCode(found.exitCode, argv)
  const failure = { ...found, exitCode }
  const [first = ''] = argv
  const command = first.startsWith('-') ? '' : first
  if (wantsJson(argv)) return { exitCode, stdout: failureJson(command, failure), stderr: '' }
  return { exitCode, stdout: '', stderr: formatFailure(failure, styleFor(colour)) }
}

const safe = (text: string, hasColour: boolean): string =>
  terminalSafe(text, { hasColour, isLive: false })

/**
 * Runs one command line.
 * @param caught the signal that interrupted it.
 * @returns the texts to print, and the exit code: no error is thrown.
 */
export const answer = async (
  argv: readonly string[],
  context: Context,
  caught: Interruption['caught'],
): Promise<Outcome> => {
  const { colour } = context
  const outcome = await runProgram(argv, version, context).catch((error: unknown): Outcome => {
    const name = caught()
    if (name !== null) return { exitCode: 128 + constants.signals[name], stdout: '', stderr: '' }
    return failed(error, argv, colour.stderr)
  })
  const { exitCode, stdout, stderr, isFile = false } = outcome
  return {
    exitCode,
    stdout: isFile && !isTerminal(1) ? stdout : safe(stdout, colour.stdout),
    stderr: safe(stderr, colour.stderr),
  }
}

/** @returns the exit code; a different one when the output cannot be written. */
const print = async (
  { exitCode, stdout, stderr }: Outcome,
  hasColour: boolean,
): Promise<ExitCode> => {
  const say = (text: string) => write(2, text).catch(() => undefined)
  await say(stderr)
  try {
    await write(1, stdout)
    return exitCode
  } catch (error) {
    const failure = failureOf(ioError('write to', 'standard output', error))
    await say(safe(formatFailure(failure, styleFor(hasColour)), hasColour))
    return failure.exitCode
  }
}

/**
 * Runs the command line of this process, prints the answer and exits with its code.
 * @param packageFolder the folder with module/, patches/, keys/ and templates/lab/.
 */
export const main = async (argv: readonly string[], packageFolder: string): Promise<void> => {
  const interrupted = interruption()
  const surroundings = { cwd: process.cwd(), env: process.env, packageFolder }
  const context = contextFor(argv, surroundings, interrupted)
  const outcome = await answer(argv, context, interrupted.caught)
  // A pending read of standard input would keep the process running.
  process.exit(await print(outcome, context.colour.stderr))
}
