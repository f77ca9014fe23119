import { constants } from 'node:os'
import { execOnHost } from './adapters/exec.ts'
import { filesOnDisk } from './adapters/files.ts'
import { gitOnHost } from './adapters/git.ts'
import { outputOnDisk } from './adapters/output/index.ts'
import { readAll, wantsColour, write } from './adapters/terminal.ts'
import { workspaceOnDisk } from './adapters/workspace.ts'
import type { Outcome } from './commands/define.ts'
import type { Context } from './context.ts'
import { runProgram } from './program.ts'
import { failureJson, failureOf, formatFailure } from './report/failure.ts'
import { styleFor } from './report/style.ts'
import { version } from './version.ts'

const wantsJson = (argv: readonly string[]): boolean =>
  argv.includes('--format=json') || argv[argv.indexOf('--format') + 1] === 'json'

const contextFor = (argv: readonly string[], signal: AbortSignal): Context => ({
  cwd: process.cwd(),
  files: filesOnDisk,
  output: outputOnDisk,
  workspace: workspaceOnDisk,
  exec: execOnHost(signal),
  git: gitOnHost(signal),
  env: process.env,
  readStdin: readAll,
  signal,
  colour: { stdout: wantsColour(process.stdout, argv), stderr: wantsColour(process.stderr, argv) },
})

const failed = (error: unknown, argv: readonly string[], colour: boolean): Outcome => {
  const failure = failureOf(error)
  const { exitCode } = failure
  if (wantsJson(argv)) return { exitCode, stdout: failureJson(argv[0] ?? '', failure), stderr: '' }
  return { exitCode, stdout: '', stderr: formatFailure(failure, styleFor(colour)) }
}

/** Runs the command line of this process, prints the outcome and sets the exit code. */
export const main = async (argv: readonly string[]): Promise<void> => {
  const abort = new AbortController()
  const caught: NodeJS.Signals[] = []
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(name, () => {
      caught.push(name)
      abort.abort()
    })
  }
  const context = contextFor(argv, abort.signal)
  const outcome = await runProgram(argv, version, context).catch((error: unknown) => {
    const [name] = caught
    if (name !== undefined)
      return { exitCode: 128 + constants.signals[name], stdout: '', stderr: '' }
    return failed(error, argv, context.colour.stderr)
  })
  process.exitCode = outcome.exitCode
  await write(process.stderr, outcome.stderr)
  await write(process.stdout, outcome.stdout)
  // A signal handler keeps nothing alive, but a read of standard input may.
  process.exit()
}
