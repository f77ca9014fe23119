import { BuildError } from '../../../errors.ts'
import { type MasterTitle, masterTitle, parseTitle } from '../../core/upgrade/title.ts'
import type { BuildWorld } from '../../ports/build.ts'
import type { ProcessFacts } from '../../ports/upgrade.ts'
import { pidIn } from './observe.ts'

/** A master that runs, and how it was started. */
export interface FoundMaster {
  readonly facts: ProcessFacts
  readonly title: MasterTitle
  readonly folder: string
}

/** A title is whatever a process says of itself: root asks only root's own, and nothing of others. */
const mayBeAsked = ({ userId }: ProcessFacts, world: BuildWorld): boolean =>
  world.userId !== 0 || userId === 0

const isOf = ({ pid, title }: ProcessFacts, sbin: string, world: BuildWorld): boolean => {
  if (!title.startsWith(masterTitle) || !world.running.isHere(pid)) return false
  const program = parseTitle(title)?.program ?? ''
  const isCalled = program.startsWith('/') && world.durable.real(program) === sbin
  return isCalled || world.running.executablePath(pid) === sbin
}

const described = (facts: ProcessFacts, { running }: BuildWorld): FoundMaster => {
  const title = parseTitle(facts.title)
  const folder = running.folder(facts.pid)
  if (title === null)
    throw new BuildError(`the command line of process ${facts.pid} cannot be read: ${facts.title}`)
  if (folder === null)
    throw new BuildError(`no permission to inspect process ${facts.pid}`, {
      help: 'run sessctl as root or as the user of the master',
    })
  return { facts, title, folder }
}

const named = async (pidFile: string, world: BuildWorld): Promise<ProcessFacts> => {
  const foreign = world.durable.foreign(pidFile, 'itself')
  if (foreign !== null)
    throw new BuildError(`${pidFile} is not used: ${foreign.why}`, {
      help: 'set --pid to a pid file that only root and the user of the master can write',
    })
  const pid = await pidIn(pidFile, world)
  const facts = world.running.all().find((one) => one.pid === pid)
  if (facts?.title.startsWith(masterTitle)) {
    if (mayBeAsked(facts, world)) return facts
    throw new BuildError(
      `the master, process ${facts.pid}, belongs to user ${facts.userId}, and sessctl runs as root`,
      { help: 'run sessctl as that user' },
    )
  }
  throw new BuildError(`${pidFile} does not name a running nginx master`, {
    help: 'set --pid to the pid file of the nginx to upgrade',
  })
}

/**
 * The master that runs an installed nginx.
 * @param pidFile which one, where several do; null: the only one.
 * @returns null when none runs.
 * @throws BuildError when it cannot be told.
 */
export const findMaster = async (
  sbin: string,
  pidFile: string | null,
  world: BuildWorld,
): Promise<FoundMaster | null> => {
  if (pidFile !== null) return described(await named(pidFile, world), world)
  const all = world.running.all().filter((one) => mayBeAsked(one, world) && isOf(one, sbin, world))
  // A new master is there beside its own old one: an upgrade that nobody has finished.
  const masters = all.filter(({ parent }) => !all.some(({ pid }) => pid === parent))
  const [first, second] = masters
  if (first === undefined) return null
  if (second !== undefined)
    throw new BuildError(
      `several masters run ${sbin}: ${masters.map(({ pid }) => pid).join(', ')}`,
      {
        help: 'set --pid to the pid file of the nginx to upgrade',
      },
    )
  return described(first, world)
}
