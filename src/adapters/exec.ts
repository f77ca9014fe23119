import { ToolError } from '../errors.ts'
import type { Exec } from '../ports.ts'

const defaultTimeoutMs = 60_000

/** Programs as child processes, by argument arrays only; they end with us. */
export const execOnHost = (signal: AbortSignal): Exec => ({
  run: async (file, args, options = {}) => {
    // Most runs call no program: they do not wait for the library either.
    const { execa } = await import('execa')
    const result = await execa(file, args, {
      reject: false,
      stdin: 'ignore',
      cancelSignal: signal,
      timeout: options.timeoutMs ?? defaultTimeoutMs,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.env === undefined ? {} : { env: options.env }),
    })
    if (result.isCanceled) signal.throwIfAborted()
    if (result.timedOut) {
      throw new ToolError(
        `${file} did not end within ${(options.timeoutMs ?? defaultTimeoutMs) / 1000} s`,
      )
    }
    if (result.exitCode === undefined) {
      if (result.code === 'ENOENT') return null
      throw new ToolError(`${file} could not be run: ${result.shortMessage ?? 'no reason given'}`)
    }
    return { exitCode: result.exitCode, stdout: result.stdout, stderr: result.stderr }
  },
})
