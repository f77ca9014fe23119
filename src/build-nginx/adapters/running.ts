import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { ToolError } from '../../errors.ts'
import type { ProcessFacts, Running } from '../ports/upgrade.ts'
import { identityOf } from './durable.ts'

/** Fields of /proc/PID/stat behind the name, which may hold anything: state is the first. */
const statOf = (pid: number): readonly string[] => {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
  return text.slice(text.lastIndexOf(')') + 2).split(' ')
}

/** Nothing of the environment of whoever calls us reaches a server that is started. */
const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** Null for what has ended, be it that nobody has asked for its exit code yet. */
const factsOf = (pid: number): ProcessFacts | null => {
  try {
    const fields = statOf(pid)
    if (fields[0] === 'Z' || fields[0] === 'X') return null
    const title = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
    return {
      pid,
      parent: Number(fields[1]),
      began: fields[19] ?? '',
      title,
      userId: statSync(`/proc/${pid}`).uid,
    }
  } catch {
    return null
  }
}

const orNull = <Result>(work: () => Result): Result | null => {
  try {
    return work()
  } catch {
    return null
  }
}

/** The processes of this host, as Linux shows them. */
export const runningOnHost = (signal: AbortSignal): Running => ({
  boot: () => orNull(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()) ?? '',
  all: () =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => factsOf(Number(name)))
      .filter((facts) => facts !== null),
  executable: (pid) => orNull(() => identityOf(statSync(`/proc/${pid}/exe`, { bigint: true }))),
  executablePath: (pid) =>
    orNull(() => readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, '')),
  isHere: (pid) =>
    orNull(() => readlinkSync(`/proc/${pid}/ns/mnt`) === readlinkSync('/proc/self/ns/mnt')) ??
    false,
  folder: (pid) => orNull(() => readlinkSync(`/proc/${pid}/cwd`)),
  signal: ({ pid, began }, name) => {
    if (factsOf(pid)?.began !== began) throw new ToolError(`process ${pid} has exited`)
    try {
      process.kill(pid, name)
    } catch (error) {
      const why =
        (error as NodeJS.ErrnoException).code === 'EPERM' ? 'permission denied' : 'it has exited'
      throw new ToolError(`process ${pid} cannot be signalled: ${why}`, {
        cause: error,
        help: 'run sessctl as root or as the user of the master',
      })
    }
  },
  launch: (file, args, folder) =>
    new Promise((resolve) => {
      const options = { cwd: folder, env: { PATH: systemPath }, detached: true } as const
      const child = spawn(file, args, { ...options, stdio: 'ignore' })
      child.once('error', (error) => resolve(error.message))
      child.once('exit', (code) => resolve(code === 0 ? null : `${file} ended with ${code}`))
    }),
  pause: async (milliseconds) => {
    const early = signal.aborted ? undefined : { signal }
    await sleep(milliseconds, undefined, early).catch(() => undefined)
  },
})
