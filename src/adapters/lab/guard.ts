import { spawn } from 'node:child_process'
import type { StopSignal } from '../../core/lab/program.ts'
import { ToolError } from '../../errors.ts'

/**
 * A shell that outlives this process. When the pipe from this process closes for any reason, it stops
 * all watched process groups and removes the folder. The groups get their stop signal before SIGKILL,
 * because PostgreSQL and httpd would leave shared memory behind. There is no `--` before a group: dash
 * would read it as a number.
 */
const script = `
trap '' HUP INT TERM QUIT
watched=
while read -r word signal group; do
  case $word in
    watch) watched="$watched $signal:$group" ;;
    forget)
      kept=
      for one in $watched; do [ "$one" = "$signal:$group" ] || kept="$kept $one"; done
      watched=$kept ;;
  esac
done
for one in $watched; do kill -"\${one%%:*}" "-\${one##*:}" 2>/dev/null; done
tries=0
while [ $tries -lt 50 ]; do
  alive=
  for one in $watched; do kill -0 "-\${one##*:}" 2>/dev/null && alive=yes; done
  [ -z "$alive" ] && break
  sleep 0.1
  tries=$((tries + 1))
done
for one in $watched; do kill -KILL "-\${one##*:}" 2>/dev/null; done
rm -rf -- "$1"
`

/** Cleans up after this process has ended. */
export interface Guard {
  readonly watch: (group: number, signal: StopSignal | 'SIGKILL') => void
  readonly forget: (group: number, signal: StopSignal | 'SIGKILL') => void
  /** Cleans up now; resolves when it is done. */
  readonly end: () => Promise<void>
}

const shell = '/bin/sh'

/** @param folder absolute; it is removed at the end. */
export const startGuard = async (folder: string): Promise<Guard> => {
  const child = spawn(shell, ['-c', script, shell, folder], {
    cwd: '/',
    env: { PATH: '/usr/bin:/bin' },
    // In its own session: a signal to the group of this process does not reach it.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', (cause) => reject(new ToolError(`${shell} could not be run`, { cause })))
  })
  child.stdin.on('error', () => undefined)
  const tell = (word: string, group: number, signal: string): void => {
    child.stdin.write(`${word} ${signal.replace(/^SIG/, '')} ${group}\n`)
  }
  return {
    watch: (group, signal) => tell('watch', group, signal),
    forget: (group, signal) => tell('forget', group, signal),
    end: async () => {
      child.stdin.end()
      await ended
    },
  }
}
