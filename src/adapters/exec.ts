import type { Options } from 'execa'
import { ToolError } from '../errors.ts'
import type { Exec, ExecOptions } from '../ports.ts'
import { startedFor } from './unprivileged.ts'

const defaultTimeoutMs = 60_000

const idsOf = ({ account = null }: ExecOptions) => startedFor(account, '', []).ids ?? {}

const execaOptions = (signal: AbortSignal, options: ExecOptions) =>
  ({
    reject: false,
    stdin: 'ignore',
    cancelSignal: signal,
    timeout: options.timeoutMs ?? defaultTimeoutMs,
    extendEnv: options.isIsolated !== true,
    // execa's own would end this process on a signal, before anything is put in order.
    cleanup: false,
    ...idsOf(options),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
  }) as const satisfies Options

const wordsOf = (
  file: string,
  args: readonly string[],
  { account = null }: ExecOptions,
): [string, readonly string[]] => {
  const started = startedFor(account, file, args)
  return [started.program, started.args]
}

/** Waits for a child; should we go first, for whatever reason, it goes as well. */
const untilGone = async <Result>(
  child: PromiseLike<Result> & { readonly kill: (signal: 'SIGKILL') => boolean },
): Promise<Result> => {
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  try {
    return await child
  } finally {
    process.off('exit', kill)
  }
}

interface Failure {
  readonly code?: string | undefined
  readonly originalMessage?: string | undefined
}

const couldNotRun = (file: string, { code, originalMessage }: Failure): ToolError =>
  code === 'EACCES'
    ? new ToolError(`${file} could not be run: permission denied`, {
        help: 'make the file executable and its folder accessible for this user',
      })
    : new ToolError(`${file} could not be run: ${originalMessage ?? 'no reason given'}`)

/** Programs as child processes, by argument arrays only; they end with us. */
export const execOnHost = (signal: AbortSignal): Exec => ({
  run: async (file, args, options = {}) => {
    // Most runs call no program: they do not wait for the library either.
    const { execa } = await import('execa')
    const result = await untilGone(
      execa(...wordsOf(file, args, options), execaOptions(signal, options)),
    )
    if (result.isCanceled) signal.throwIfAborted()
    if (result.timedOut) {
      throw new ToolError(
        `${file} did not finish within ${(options.timeoutMs ?? defaultTimeoutMs) / 1000} s`,
      )
    }
    if (result.exitCode === undefined) {
      if (result.code === 'ENOENT') return null
      throw couldNotRun(file, result)
    }
    return { exitCode: result.exitCode, stdout: result.stdout, stderr: result.stderr }
  },

  runUntil: async (file, args, isLast, options = {}) => {
    const { execa } = await import('execa')
    const child = execa(...wordsOf(file, args, options), {
      ...execaOptions(signal, options),
      all: true,
      killSignal: 'SIGKILL',
    })
    let isReached = false
    let rest = ''
    child.all.setEncoding('utf8').on('data', (text: string) => {
      const lines = `${rest}${text}`.split('\n')
      rest = lines.pop() ?? ''
      if (isReached || !lines.some(isLast)) return
      isReached = true
      child.kill()
    })
    const result = await untilGone(child)
    if (result.isCanceled) signal.throwIfAborted()
    if (result.exitCode === undefined && result.signal === undefined) {
      if (result.code === 'ENOENT') return null
      throw couldNotRun(file, result)
    }
    return { isReached, isTimedOut: result.timedOut, output: result.all }
  },
})
