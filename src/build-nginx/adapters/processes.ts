import { type ChildProcess, spawn } from 'node:child_process'
import { ToolError } from '../../errors.ts'
import type { Ended } from '../../ports.ts'
import type { Daemon, Processes, RunOptions } from '../ports/build.ts'

/** After TERM; a compiler needs a moment to remove what it was writing. */
const patienceMs = 5_000

/** The child leads a group of its own: make and all it started get a signal together. */
const signalGroup = ({ pid }: ChildProcess, signal: NodeJS.Signals): void => {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch {
    // It is gone already.
  }
}

const linesTo = (say: (line: string) => void): ((text: string) => void) & { flush: () => void } => {
  let rest = ''
  const take = (text: string): void => {
    const lines = `${rest}${text}`.split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) say(line)
  }
  const flush = (): void => {
    if (rest !== '') say(rest)
    rest = ''
  }
  return Object.assign(take, { flush })
}

const open = (
  file: string,
  args: readonly string[],
  { cwd, env }: Pick<RunOptions, 'cwd' | 'env'>,
): ChildProcess =>
  spawn(file, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })

/** Settles when it is gone and all it said was heard; null when there is no such program. */
const endOf = (child: ChildProcess, file: string): Promise<Ended | null> =>
  new Promise((resolve, reject) => {
    child.once('error', (error) => {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'ENOENT') resolve(null)
      else reject(new ToolError(`${file} could not be run: ${error.message}`, { cause: error }))
    })
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal }))
  })

/** While it runs, it goes when we go. */
const tied = async <Result>(
  child: ChildProcess,
  signal: AbortSignal,
  work: Promise<Result>,
): Promise<Result> => {
  let timer: NodeJS.Timeout | undefined
  const end = (): void => {
    signalGroup(child, 'SIGTERM')
    timer = setTimeout(() => signalGroup(child, 'SIGKILL'), patienceMs)
  }
  const kill = (): void => signalGroup(child, 'SIGKILL')
  signal.addEventListener('abort', end, { once: true })
  process.once('exit', kill)
  if (signal.aborted) end()
  try {
    return await work
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', end)
    process.off('exit', kill)
  }
}

const daemonOf = (child: ChildProcess, ended: Promise<Ended | null>): Daemon => {
  let output = ''
  let state: Ended | null = null
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  const gone = ended.then((end) => {
    state = end ?? { exitCode: null, signal: null }
    return state
  })
  gone.catch(() => undefined)
  return {
    pid: child.pid ?? 0,
    output: () => output,
    ended: () => state,
    signal: (name) => child.kill(name),
    stop: async () => {
      signalGroup(child, 'SIGTERM')
      const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), patienceMs)
      const end = await gone
      clearTimeout(timer)
      // Workers that outlived their master.
      signalGroup(child, 'SIGKILL')
      return end
    },
  }
}

/** Programs with all they start, by argument arrays only; they end with us. */
export const processesOnHost = (signal: AbortSignal): Processes => ({
  run: async (file, args, options) => {
    signal.throwIfAborted()
    const child = open(file, args, options)
    const outputs = [child.stdout, child.stderr].map((stream) => {
      const take = linesTo(options.onLine)
      stream?.setEncoding('utf8').on('data', take)
      return take
    })
    const ended = await tied(child, signal, endOf(child, file))
    for (const { flush } of outputs) flush()
    signal.throwIfAborted()
    return ended
  },
  start: async (file, args, options) => {
    signal.throwIfAborted()
    const child = open(file, args, options)
    const ended = endOf(child, file)
    const daemon = daemonOf(child, ended)
    const missing = new ToolError(`the program ${file} does not exist`)
    if (child.pid === undefined && (await ended) === null) throw missing
    void tied(child, signal, ended).catch(() => undefined)
    return daemon
  },
})
