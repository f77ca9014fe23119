import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'

const deadline = 15_000
const pause = 20

export interface RunningServer extends AsyncDisposable {
  /** What it wrote to stderr so far. */
  readonly errors: () => string
}

/**
 * Starts a program in the foreground and waits until `ready` answers true. Ended by its own process
 * id with the `await using` block, and not left before it is gone.
 */
export const runningServer = async (
  program: string,
  args: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv },
  ready: () => Promise<boolean>,
): Promise<RunningServer> => {
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] })
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const ended = once(child, 'exit')
  const running = (): boolean => child.exitCode === null && child.signalCode === null
  const stop = async (): Promise<void> => {
    if (running()) child.kill('SIGTERM')
    await ended
  }
  const until = Date.now() + deadline
  while (!(await ready())) {
    if (!running() || Date.now() > until) {
      await stop()
      throw new Error(`${program} did not come up: ${errors}`)
    }
    await sleep(pause)
  }
  return { errors: () => errors, [Symbol.asyncDispose]: stop }
}
