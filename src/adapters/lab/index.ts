import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { LabWorkplace, LabWorld } from '../../ports/lab.ts'
import type { Account, Workplace, Workspace } from '../../ports.ts'
import { clockOnHost, everyOnHost } from '../clock.ts'
import { ioError } from '../io-error.ts'
import { screenOnHost } from '../screen.ts'
import { type Guard, startGuard } from './guard.ts'
import { networkOnHost } from './network.ts'
import { runPreparation, startDaemon } from './processes.ts'

const stageIn = (
  place: Workplace,
  guard: Guard,
  signal: AbortSignal,
  account: Account | null,
): LabWorkplace => ({
  folder: place.folder,
  write: place.write,
  makeFolder: place.makeFolder,
  read: async (path) => {
    const file = join(place.folder, path)
    return existsSync(file) ? readFileSync(file, 'utf8') : ''
  },
  link: async (path, target) => {
    const file = join(place.folder, path)
    try {
      symlinkSync(target, file)
    } catch (error) {
      throw ioError('link', file, error)
    }
  },
  start: (command, cwd, stop) => {
    signal.throwIfAborted()
    return startDaemon(command, cwd, stop, guard, account)
  },
  run: (command, cwd) => {
    signal.throwIfAborted()
    return runPreparation(command, cwd, guard, signal, account)
  },
})

/** This host, for a lab. */
export const labWorld = (
  packageFolder: string,
  workspace: Workspace,
  signal: AbortSignal,
): LabWorld => ({
  withWorkplace: (account, work) =>
    workspace.within(async (place) => {
      const guard = await startGuard(place.folder)
      try {
        return await work(stageIn(place, guard, signal, account))
      } finally {
        await guard.end()
      }
    }, account),
  network: networkOnHost,
  clock: clockOnHost(signal),
  screen: screenOnHost(),
  every: everyOnHost,
  random: (digits) =>
    randomBytes(Math.ceil(digits / 2))
      .toString('hex')
      .slice(0, digits),
  packageFolder,
  node: process.execPath,
})
