import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import type { Command, Preparation, StopSignal } from '../../core/lab/program.ts'
import { ToolError } from '../../errors.ts'
import type { Daemon } from '../../ports/lab.ts'
import type { Account, Ended } from '../../ports.ts'
import { startedFor } from '../unprivileged.ts'
import type { Guard } from './guard.ts'

/** A clustered Tomcat takes a few seconds to stop. */
const stopTimeoutMs = 10_000
/** `--keep` may run for days: only the end of the output is kept. */
const mostOutput = 262_144

const open = (
  { program: named, args: given, env }: Command,
  cwd: string,
  input: 'pipe' | 'ignore',
  account: Account | null,
) => {
  const { program, args, ids } = startedFor(account, named, given)
  return spawn(program, args, {
    cwd,
    // The user's environment must not change a server.
    env: {
      PATH: process.env['PATH'] ?? '/usr/bin:/bin',
      LC_ALL: 'C',
      HOME: cwd,
      TMPDIR: cwd,
      ...env,
    },
    detached: true,
    stdio: [input, 'pipe', 'pipe'],
    ...ids,
  })
}

const signalGroup = ({ pid }: ChildProcess, signal: NodeJS.Signals): void => {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch {
    // The process group has already ended.
  }
}

const outputOf = (child: ChildProcess): (() => string) => {
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output = `${output}${text}`.slice(-mostOutput)
    })
  return () => output
}

/** Settles when the process has ended; then ends its children. */
const endOf = (child: ChildProcess, program: string): Promise<Ended> =>
  new Promise((resolve, reject) => {
    child.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        cause.code === 'ENOENT'
          ? new ToolError(`${program} was not found`, { cause })
          : new ToolError(`${program} could not be run: ${cause.message}`, { cause }),
      ),
    )
    child.once('exit', () => signalGroup(child, 'SIGKILL'))
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal }))
  })

/** As Linux lists them. */
const childrenOf = async (pid: number): Promise<readonly number[]> => {
  const listed = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
  return listed.split(' ').filter(Boolean).map(Number)
}

export const startDaemon = async (
  command: Command,
  cwd: string,
  stop: StopSignal,
  guard: Guard,
  account: Account | null,
): Promise<Daemon> => {
  const child = open(command, cwd, 'ignore', account)
  const ended = endOf(child, command.program)
  const { pid } = child
  if (pid === undefined) {
    await ended
    throw new ToolError(`${command.program} could not be run`)
  }
  guard.watch(pid, stop)
  const output = outputOf(child)
  let state: Ended | null = null
  const gone = ended.then((end) => {
    state = end
    guard.forget(pid, stop)
  })
  gone.catch(() => undefined)
  return {
    pid,
    output,
    children: () => childrenOf(pid),
    ended: () => state,
    signal: (name) => void child.kill(name),
    stop: async () => {
      if (state === null) child.kill(stop)
      const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), stopTimeoutMs)
      await gone
      clearTimeout(timer)
    },
    kill: async () => {
      signalGroup(child, 'SIGKILL')
      await gone
    },
  }
}

const lastLines = (text: string): string => text.trim().split('\n').slice(-5).join('\n')

/** @throws ToolError if the command fails. */
export const runPreparation = async (
  command: Preparation,
  cwd: string,
  guard: Guard,
  signal: AbortSignal,
  account: Account | null,
): Promise<void> => {
  const child = open(command, cwd, command.input === null ? 'ignore' : 'pipe', account)
  const ended = endOf(child, command.program)
  const output = outputOf(child)
  if (child.pid !== undefined) guard.watch(child.pid, 'SIGKILL')
  const kill = (): void => signalGroup(child, 'SIGKILL')
  signal.addEventListener('abort', kill, { once: true })
  child.stdin?.on('error', () => undefined).end(command.input ?? '')
  try {
    const { exitCode } = await ended
    signal.throwIfAborted()
    if (exitCode !== 0)
      throw new ToolError(`${command.program} failed:\n${lastLines(output())}`, {
        help: 'run the command manually to see its output, or name another program',
      })
  } finally {
    signal.removeEventListener('abort', kill)
    if (child.pid !== undefined) guard.forget(child.pid, 'SIGKILL')
  }
}
