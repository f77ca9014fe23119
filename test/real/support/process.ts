import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { atEnd } from './cleanup.ts'

export type Command = readonly [program: string, ...args: string[]]

export interface Exit {
  /** Null when a signal ended it. */
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
}

export interface Finished extends Exit {
  /** Standard output and standard error, in the order they came. */
  readonly output: string
}

export interface RunningServer {
  readonly pid: number
  /** Standard output and standard error so far, in the order they came. */
  readonly output: () => string
  /** Settles when the process is gone and reaped. */
  readonly exit: Promise<Exit>
  /**
   * Asks it to stop (TERM) and after `patience` milliseconds makes it (KILL, its whole group);
   * resolves when it is gone.
   */
  readonly stop: (patience?: number) => Promise<Exit>
  /** KILL, as in a power failure. */
  readonly kill: () => Promise<Exit>
}

export interface StartOptions {
  readonly cwd: string
  /** Ready when every one of these TCP ports on 127.0.0.1 accepts a connection... */
  readonly ports: readonly number[]
  /** ...and this is true of the output so far. */
  readonly isReady?: (output: string) => boolean
  /** Milliseconds to become ready. */
  readonly deadline?: number
  /** Beside the few variables that every server gets. */
  readonly env?: Readonly<Record<string, string>>
}

const defaultDeadline = 90_000
const defaultPatience = 10_000

/** Starts a server and waits until it is ready; throws with its output when it is not in time. */
export const startServer = async (
  command: Command,
  options: StartOptions,
): Promise<RunningServer> => {
  const server = launch(command, options.cwd, options.env)
  const deadline = performance.now() + (options.deadline ?? defaultDeadline)
  let gone: Exit | null = null
  server.exit.then((exit) => {
    gone = exit
  })
  while (!(await isReady(server, options))) {
    const late = performance.now() > deadline
    if (gone === null && !late) {
      await sleep(20)
      continue
    }
    await server.kill()
    const why = late ? 'was not ready in time' : `ended: ${JSON.stringify(gone)}`
    throw new Error(`${command.join(' ')} ${why}\n${server.output()}`)
  }
  return server
}

/** Runs a command to its end; past `timeout` (milliseconds) it is killed. */
export const run = async (
  command: Command,
  cwd: string,
  timeout = 60_000,
  env: Readonly<Record<string, string>> = {},
): Promise<Finished> => {
  const running = launch(command, cwd, env)
  const timer = setTimeout(running.kill, timeout)
  const exit = await running.exit
  clearTimeout(timer)
  return { ...exit, output: running.output() }
}

const isReady = async (server: RunningServer, { ports, isReady }: StartOptions) => {
  if (isReady !== undefined && !isReady(server.output())) return false
  for (const port of ports) if (!(await accepts(port))) return false
  return true
}

/** Whether something accepts connections on that port of 127.0.0.1. */
export const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('error', () => resolve(false))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })

/** Where it is at hand, the kernel ends the server even when this process is killed outright. */
const setpriv = '/usr/bin/setpriv'
const guard: Command | [] = existsSync(setpriv) ? [setpriv, '--pdeathsig', 'TERM', '--'] : []

const launch = (
  command: Command,
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): RunningServer => {
  const [program = '', ...args] = [...guard, ...command]
  const child = spawn(program, args, {
    cwd,
    // A group of its own: workers go with their master, and Ctrl-C reaches us and not them.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    // Nothing of the developer's environment may change what a server does.
    env: { PATH: process.env['PATH'], LC_ALL: 'C', TMPDIR: cwd, ...env },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  const exit = exitOf(child)
  const isGone = () => child.exitCode !== null || child.signalCode !== null
  const kill = () => {
    if (!isGone()) signalGroup(child, 'SIGKILL')
    return exit
  }
  const stop = async (patience = defaultPatience) => {
    if (!isGone()) child.kill('SIGTERM')
    const timer = setTimeout(kill, patience)
    const result = await exit
    clearTimeout(timer)
    return result
  }
  const cleanUp = async () => {
    await stop()
  }
  atEnd({ cleanUp, abandon: kill })
  return { pid: child.pid ?? 0, output: () => output, exit, stop, kill }
}

/** Resolves when the process is reaped and its output read, or cannot be started at all. */
const exitOf = (child: ChildProcess): Promise<Exit> =>
  new Promise((resolve) => {
    child.once('error', () => resolve({ exitCode: null, signal: null }))
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal }))
    // Workers that outlived their master would also hold its output open.
    child.once('exit', () => signalGroup(child, 'SIGKILL'))
  })

const signalGroup = (child: ChildProcess, signal: NodeJS.Signals): void => {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    // Nobody left in the group.
  }
}
