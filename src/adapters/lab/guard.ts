import { spawn } from 'node:child_process'
import type { StopSignal } from '../../core/lab/program.ts'
import { ToolError } from '../../errors.ts'

/**
 * A shell that outlives us, without `--` before a group, which dash takes for a number: when the pipe from us closes, however that came about, it ends every
 * process group that it was told of, and removes the folder. They are asked before they are killed:
 * PostgreSQL and httpd would leave shared memory behind.
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

/** Ends what is left of a lab once this process is gone. */
export interface Guard {
  readonly watch: (group: number, signal: StopSignal | 'SIGKILL') => void
  readonly forget: (group: number, signal: StopSignal | 'SIGKILL') => void
  /** Now; resolves when nothing is left. */
  readonly end: () => Promise<void>
}

const shell = '/bin/sh'

/** @param folder absolute; it goes at the end. */
export const startGuard = async (folder: string): Promise<Guard> => {
  const child = spawn(shell, ['-c', script, shell, folder], {
    cwd: '/',
    env: { PATH: '/usr/bin:/bin' },
    // A session of its own: what ends the group of this process does not end it.
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
