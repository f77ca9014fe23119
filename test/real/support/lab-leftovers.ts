import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const textOf = (path: string): string => {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

/** Where a process runs; empty when it is gone. */
export const folderOf = (pid: string): string => {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return ''
  }
}

/** A zombie counts as ended, although no process has waited for it. */
const isZombie = (pid: string): boolean => /\) Z /.test(textOf(`/proc/${pid}/stat`))

/** Processes that run in a folder, or name it. */
export const processesIn = (folder: string): readonly string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && !isZombie(name))
    .filter(
      (pid) =>
        `${folderOf(pid)}/`.startsWith(`${folder}/`) ||
        textOf(`/proc/${pid}/cmdline`).includes(`${folder}/`),
    )

/** Shared memory that one of these processes made. */
export const sharedMemoryOf = (pids: readonly string[]): readonly string[] =>
  textOf('/proc/sysvipc/shm')
    .split('\n')
    .filter((line) => pids.includes(line.trim().split(/\s+/)[4] ?? ''))

/** Private folders of labs below a folder. */
export const labFolders = (folder: string = tmpdir()): readonly string[] =>
  readdirSync(folder)
    .filter((name) => /^sessctl-[A-Za-z0-9]{6}$/.test(name))
    .map((name) => join(folder, name))

/** What is there after a while at most. */
export const untilEmpty = async (
  look: () => readonly string[],
  milliseconds = 60_000,
): Promise<readonly string[]> => {
  const end = performance.now() + milliseconds
  for (;;) {
    const found = look()
    if (found.length === 0 || performance.now() > end) return found
    await sleep(100)
  }
}
