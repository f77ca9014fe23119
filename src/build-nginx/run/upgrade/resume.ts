import { basename, dirname } from 'node:path'
import { BuildError } from '../../../errors.ts'
import { type Journal, previousName } from '../../core/upgrade/journal.ts'
import { resumed } from '../../core/upgrade/state.ts'
import type { Engine } from '../engine.ts'
import type { Hands } from './actions.ts'
import { type Carried, carryOutHeld } from './carry-out.ts'
import { type Driven, drive } from './drive.ts'
import { holding } from './held.ts'
import { findMaster } from './masters.ts'
import { look } from './observe.ts'
import type { Wanted } from './prepare.ts'
import { settle } from './settle.ts'

/** How a run ended that went on with another's journal. */
export interface Resumed {
  readonly end: 'done' | 'rolled-back'
  readonly text: string
  readonly carried: Carried | null
}

/** A signal that was sent just before we were killed must have shown. */
const settleMs = 500

/** The machine was started anew: process ids and the age of the pid file mean nothing any more. */
const rebased = (journal: Journal, { world }: Hands): Journal => {
  const { master } = journal
  if (journal.boot === world.running.boot() || master === null) return journal
  return {
    ...journal,
    state: { ...journal.state, wasBorn: false },
    master: { ...master, pidFileSeen: world.durable.version(master.pidFile) ?? '' },
  }
}

/** The old files become the new ones, and all is as in any other upgrade. */
const reverse = async (
  { entries, sbin, master, limits, probe }: Journal,
  engine: Engine,
  hands: Hands,
): Promise<Resumed> => {
  const { world } = hands
  const back = entries.filter(({ to }) => world.durable.identity(previousName(to)) !== null)
  if (back.length === 0)
    throw new BuildError(`there is nothing to go back to beside ${sbin}`, {
      help: 'it was the first that was installed here',
    })
  const pidFile = master?.pidFile ?? null
  // The one that was upgraded: others may run the same binary.
  const isRunning =
    pidFile !== null && (await findMaster(sbin, pidFile, world).catch(() => null)) !== null
  const wanted: Wanted = {
    kind: isRunning ? 'upgrade' : 'install',
    files: back.map(({ to }) => ({ from: previousName(to), to })),
    sbin,
    pidFile: isRunning ? pidFile : null,
    probe,
    limits,
  }
  const carried = await carryOutHeld(wanted, engine, hands)
  return { end: 'rolled-back', text: `back to ${carried.to}`, carried }
}

const goOn = async (
  journal: Journal,
  goal: 'forward' | 'back',
  engine: Engine,
  hands: Hands,
): Promise<Driven> =>
  engine.run('upgrade', async (tools) => {
    const reason = goal === 'back' ? 'it was asked for' : null
    const start = { ...rebased(journal, hands), state: resumed(journal.state, goal, reason) }
    const driven = await drive(start, hands, tools)
    const isWanted = goal === 'back' && driven.end === 'rolled-back'
    if (!isWanted) settle(driven, hands, tools)
    return { value: driven, summary: driven.note ?? driven.end, isCached: false }
  })

const rollBack = async (journal: Journal, engine: Engine, hands: Hands): Promise<Resumed> => {
  if (journal.end === 'done') return reverse(journal, engine, hands)
  const { old, fresh } = await look(journal, hands.world)
  const isOver = fresh !== null && (old === null || journal.state.stage === 'quit')
  if (isOver) {
    // The old processes cannot be had again: the new nginx is made whole first.
    const { journal: ended } = await goOn(journal, 'forward', engine, hands)
    return reverse(ended, engine, hands)
  }
  await goOn(journal, 'back', engine, hands)
  return { end: 'rolled-back', text: 'the old nginx serves, with its own files', carried: null }
}

/** Goes on where a run was killed, or back; back also after it is done. */
export const resume = (
  sbin: string,
  goal: 'forward' | 'back',
  engine: Engine,
  hands: Hands,
): Promise<Resumed> =>
  holding(sbin, hands.world, async (journal) => {
    if (journal === null)
      throw new BuildError(`no upgrade of ${sbin} was left in the middle`, {
        help: `there is no ${basename(sbin)}.sessctl-journal in ${dirname(sbin)}; name another nginx with --sbin`,
      })
    await hands.world.running.pause(settleMs)
    if (goal === 'back') return rollBack(journal, engine, hands)
    if (journal.end === 'done') return { end: 'done', text: 'it was done already', carried: null }
    await goOn(journal, 'forward', engine, hands)
    return { end: 'done', text: 'the new nginx serves', carried: null }
  })
