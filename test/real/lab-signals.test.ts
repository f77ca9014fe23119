import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, vi } from 'vitest'
import { pairSpec, runLab } from './support/lab.ts'
import { folderOf, labFolders, processesIn, untilEmpty } from './support/lab-leftovers.ts'
import { findServer, withServers } from './support/servers.ts'

vi.setConfig({ testTimeout: 300_000 })

const nginx = findServer('nginx', '1.22')

/** Runs `ready` once when the lab waits for Ctrl-C. */
const whenReady =
  (ready: (child: ChildProcess) => void) =>
  (child: ChildProcess): void => {
    let said = ''
    const hear = (text: string): void => {
      if (said.includes('press Ctrl-C')) return
      said += text
      if (said.includes('press Ctrl-C')) ready(child)
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
  }

/** The processes of nginx that a lab runs. */
const nginxOf = (lab: ChildProcess): readonly number[] =>
  processesIn(folderOf(String(lab.pid)))
    .filter((pid) => pid !== String(lab.pid))
    .filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('nginx'))
    .map(Number)

describe('a running lab', () => {
  withServers({ nginx }, 'cleans up at the first signal', async (programs) => {
    for (const [name, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
      ['SIGHUP', 129],
    ] as const) {
      const { exitCode, signal, folder, stderr } = await runLab({
        specs: { spec: pairSpec() },
        programs,
        args: ['--keep'],
        whileRunning: whenReady((child) => child.kill(name)),
      })
      expect({ exitCode, signal }, stderr).toEqual({ exitCode: code, signal: null })
      // At once, and not by the process that looks after a killed lab.
      expect(labFolders(folder)).toEqual([])
      expect(await untilEmpty(() => processesIn(folder))).toEqual([])
    }
  })

  withServers(
    { nginx },
    'ends immediately at a second signal during the cleanup',
    async (programs) => {
      let asked = 0
      let stopped: readonly number[] = []
      const { exitCode, signal, folder, stderr } = await runLab({
        specs: { spec: pairSpec() },
        programs,
        args: ['--keep'],
        whileRunning: whenReady((child) => {
          // An nginx that is stopped does not end on a signal: the cleanup waits for it.
          stopped = nginxOf(child)
          for (const pid of stopped) process.kill(pid, 'SIGSTOP')
          child.kill('SIGINT')
          setTimeout(() => {
            asked = performance.now()
            child.kill('SIGINT')
          }, 500)
        }),
      })
      const took = performance.now() - asked
      expect(stopped.length, stderr).toBeGreaterThan(0)
      expect({ exitCode, signal }, stderr).toEqual({ exitCode: null, signal: 'SIGINT' })
      // The cleanup would wait 10 s for the nginx that is stopped.
      expect(took).toBeLessThan(8000)
      expect(await untilEmpty(() => processesIn(folder))).toEqual([])
      expect(await untilEmpty(() => labFolders(folder))).toEqual([])
    },
  )

  withServers({ nginx }, 'cleans up after Ctrl-C in a terminal', async (programs) => {
    const { exitCode, stdout, folder } = await runLab({
      specs: { spec: pairSpec() },
      programs,
      args: ['--keep'],
      // The terminal sends SIGINT to all processes of the foreground.
      through: ['bash', '-c', 'exec script -qec "$(printf "%q " "$@")" /dev/null', 'bash'],
      whileRunning: whenReady((child) => child.stdin?.write('\u0003')),
    })
    expect(exitCode, stdout).toBe(130)
    expect(labFolders(folder)).toEqual([])
    expect(await untilEmpty(() => processesIn(folder))).toEqual([])
  })
})
