import type { Context } from '../../../context.ts'
import { BuildError, ToolError } from '../../../errors.ts'
import type { Journal, ProcessId } from '../../core/upgrade/journal.ts'
import type { Action } from '../../core/upgrade/state.ts'
import type { BuildWorld } from '../../ports/build.ts'
import type { Running, SignalName } from '../../ports/upgrade.ts'
import { restoreAll, swapAll } from './files.ts'
import type { HostObservation } from './observe.ts'
import { testConfiguration } from './private-nginx.ts'

export interface UpgradeServices {
  readonly context: Context
  readonly world: BuildWorld
}

const test = async (journal: Journal, services: UpgradeServices): Promise<void> => {
  if (!journal.isTested) return
  const output = await testConfiguration(journal.sbin, journal, [], services)
  if (output !== null)
    throw new BuildError(`the new nginx does not accept this host's configuration: ${output}`)
}

const startOld = async ({ master }: Journal, { world }: UpgradeServices): Promise<void> => {
  if (master === null) return
  const output = await world.running.launch(master.program, master.args, master.folder)
  if (output !== null) throw new ToolError(output)
}

/** One that has ended meanwhile is what was wanted. */
const kill = (id: ProcessId, running: Running): void => {
  try {
    running.signal(id, 'SIGKILL')
  } catch (error) {
    if (running.all().some(({ pid, began }) => pid === id.pid && began === id.began)) throw error
  }
}

/** The master first, or it would start new workers. */
const killNew = (
  { freshId, fresh }: HostObservation,
  { world: { running } }: UpgradeServices,
): void => {
  const pids = [...(fresh?.workers ?? []), ...(fresh?.leaving ?? [])]
  const workers = running.all().filter(({ pid }) => pids.includes(pid))
  if (freshId !== null) kill(freshId, running)
  for (const worker of workers) kill(worker, running)
}

const signals: Readonly<
  Partial<Record<Action, { readonly to: 'oldId' | 'freshId'; readonly name: SignalName }>>
> = {
  'start-new': { to: 'oldId', name: 'SIGUSR2' },
  'drain-old': { to: 'oldId', name: 'SIGWINCH' },
  'quit-old': { to: 'oldId', name: 'SIGQUIT' },
  'term-old': { to: 'oldId', name: 'SIGTERM' },
  'refill-old': { to: 'oldId', name: 'SIGHUP' },
  'quit-new': { to: 'freshId', name: 'SIGQUIT' },
  'term-new': { to: 'freshId', name: 'SIGTERM' },
}

const whose = { oldId: 'old', freshId: 'new' } as const

/** An action in a few words, for those who watch. */
export const actionText = (action: Action, seen: HostObservation): string => {
  const signal = signals[action]
  if (signal !== undefined) {
    const id: ProcessId | null = seen[signal.to]
    return `${signal.name.slice(3)} to the ${whose[signal.to]} master, ${id?.pid ?? 'gone'}`
  }
  const words: Partial<Record<Action, string>> = {
    swap: 'install the new files',
    test: 'nginx -t',
    restore: 'restore the old files',
    'kill-new': `KILL to the new master, ${seen.freshId?.pid ?? 'gone'}, and its workers`,
    'start-old': 'start the old nginx',
  }
  return words[action] ?? action
}

/** @throws what a person can read when it cannot be done. */
export const perform = async (
  action: Action,
  journal: Journal,
  seen: HostObservation,
  services: UpgradeServices,
): Promise<void> => {
  const { durable, running } = services.world
  const signal = signals[action]
  if (signal !== undefined) {
    const id = seen[signal.to]
    if (id !== null) running.signal(id, signal.name)
    return
  }
  switch (action) {
    case 'swap':
      return swapAll(journal, durable)
    case 'restore':
      return restoreAll(journal, durable)
    case 'test':
      return test(journal, services)
    case 'kill-new':
      return killNew(seen, services)
    default:
      return startOld(journal, services)
  }
}
