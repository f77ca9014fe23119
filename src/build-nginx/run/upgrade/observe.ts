import type { Journal, Master, ProcessId } from '../../core/upgrade/journal.ts'
import { isRight, type Probe, probeText } from '../../core/upgrade/probe.ts'
import type { Nginx, Observation, State } from '../../core/upgrade/state.ts'
import { leavingTitle, masterTitle, workerTitle } from '../../core/upgrade/title.ts'
import type { BuildWorld } from '../../ports/build.ts'
import type { Durable, ProbeAnswer, ProcessFacts } from '../../ports/upgrade.ts'

/** What is seen of files and processes; the rest of Observation is the driver's own. */
export interface HostObservation
  extends Pick<Observation, 'files' | 'old' | 'fresh' | 'cameBack' | 'isChanging' | 'isRebooted'> {
  readonly oldId: ProcessId | null
  readonly freshId: ProcessId | null
}

export const filesOf = ({ entries }: Journal, { identity }: Durable): Observation['files'] => {
  const states = entries.map(({ to, old, fresh }) => {
    const now = identity(to)
    return now === fresh ? 'new' : now === old ? 'old' : 'foreign'
  })
  if (states.includes('foreign')) return 'foreign'
  if (states.every((state) => state === 'new')) return 'new'
  return states.every((state) => state === 'old') ? 'old' : 'mixed'
}

export const pidIn = async (file: string, { disk }: BuildWorld): Promise<number | null> => {
  const text = new TextDecoder().decode((await disk.readIfThere(file)) ?? undefined).trim()
  return /^[1-9]\d{0,9}$/.test(text) ? Number(text) : null
}

const isSame = (facts: ProcessFacts, id: ProcessId | null): boolean =>
  facts.pid === id?.pid && facts.began === id.began

const childrenOf = (pid: number, all: readonly ProcessFacts[]): Nginx => {
  const children = all.filter(({ parent }) => parent === pid)
  const pids = (wanted: (title: string) => boolean) =>
    children.filter(({ title }) => wanted(title)).map((child) => child.pid)
  return {
    workers: pids((title) => title === workerTitle),
    leaving: pids((title) => title.startsWith(leavingTitle)),
  }
}

/** The master of before; after a start of the machine, or of the old nginx, another one that is it. */
const findOld = (
  masters: readonly ProcessFacts[],
  master: Master,
  named: number | null,
  isRebooted: boolean,
  { running }: BuildWorld,
): ProcessFacts | null => {
  const known = isRebooted ? undefined : masters.find((one) => isSame(one, master.id))
  if (known !== undefined) return known
  if (master.oldBinary === master.freshBinary) return null
  const heir = masters.find(({ pid }) => pid === named)
  return heir !== undefined && running.executable(heir.pid) === master.oldBinary ? heir : null
}

const findFresh = (
  masters: readonly ProcessFacts[],
  { master, fresh }: Journal,
  old: ProcessFacts | null,
  named: number | null,
  isRebooted: boolean,
  { running }: BuildWorld,
): ProcessFacts | null => {
  if (master === null) return null
  const isHeir = ({ pid, parent }: ProcessFacts): boolean =>
    pid === named || (parent === old?.pid && master.oldBinary !== master.freshBinary)
  return (
    masters.find((one) => {
      if (one.pid === old?.pid) return false
      if (!isRebooted && isSame(one, fresh)) return true
      return isHeir(one) && running.executable(one.pid) === master.freshBinary
    }) ?? null
  )
}

/** Files and processes, as they are now. */
export const observeHost = async (
  journal: Journal,
  world: BuildWorld,
): Promise<HostObservation> => {
  const { durable, running } = world
  const { master } = journal
  const files = filesOf(journal, durable)
  const isRebooted = journal.boot !== running.boot()
  const none = { old: null, fresh: null, oldId: null, freshId: null }
  if (master === null) return { ...none, files, isRebooted, cameBack: false, isChanging: false }
  const named = await pidIn(master.pidFile, world)
  const all = running.all()
  // Of other users only their titles say that they are nginx.
  const masters = all.filter(
    ({ title, userId }) => title.startsWith(masterTitle) && userId === world.userId,
  )
  const old = findOld(masters, master, named, isRebooted, world)
  const fresh = findFresh(masters, journal, old, named, isRebooted, world)
  const isOldNamed = old !== null && named === old.pid
  const wasMoved = durable.version(master.pidFile) !== master.pidFileSeen
  return {
    files,
    isRebooted,
    old: old === null ? null : childrenOf(old.pid, all),
    fresh:
      fresh === null ? null : { ...childrenOf(fresh.pid, all), hasPidFile: named === fresh.pid },
    oldId: old,
    freshId: fresh,
    cameBack: isOldNamed && wasMoved && durable.identity(`${master.pidFile}.oldbin`) === null,
    isChanging: old !== null && !isOldNamed,
  }
}

/** While both nginx take connections, the new one must get some of ours: more are tried each time. */
const most = 8

type Answers = NonNullable<Observation['probe']>

const badText = (probe: Probe, { status }: ProbeAnswer): string =>
  `${probeText(probe)} ${status === null ? 'does not answer' : `answers with ${status}`}`

/**
 * With the old workers gone, whoever answers got it from the new ones. Until then, a worker that is
 * leaving may hang up, and only what is known to be the new ones' counts.
 */
const judge = (answers: readonly ProbeAnswer[], probe: Probe, isShared: boolean): Answers => {
  let [good, others] = [0, 0]
  let bad: string | null = null
  for (const one of answers) {
    const isNew = one.by === 'owner' || !isShared
    const isGood = one.status !== null && isRight(probe, one.status)
    if (!isNew) others++
    else if (isGood) good++
    else bad ??= badText(probe, one)
  }
  return { good, others, bad }
}

/** Asks the new nginx, if it is there to be asked; null when it is not. */
export const probeNew = async (
  probe: Probe | null,
  { goal, stage }: State,
  { old, fresh }: Pick<Observation, 'old' | 'fresh'>,
  round: number,
  { prober }: BuildWorld,
): Promise<Answers | null> => {
  const isThere = fresh?.hasPidFile === true && fresh.workers.length > 0
  const isTime = goal === 'forward' && stage !== 'install' && stage !== 'test'
  if (probe === null || !isThere || !isTime) return null
  const isShared = (old?.workers.length ?? 0) > 0
  const width = isShared ? Math.min(most, 2 ** round) : 1
  const asked = Array.from({ length: width }, () => prober.ask(probe, fresh.workers))
  return judge(await Promise.all(asked), probe, isShared)
}
