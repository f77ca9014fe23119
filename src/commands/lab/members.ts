import type { Clock } from '../../ports.ts'
import type { RunningProcess } from './running.ts'

const stepMs = 100
/** Beyond the time in which a busy Tomcat answers another one. */
const patienceMs = 30_000

const count = (output: string, words: string): number => output.split(words).length - 1

/** How many other members a Tomcat says that it knows now. */
const membersIn = (output: string): number =>
  count(output, 'Replication member added') - count(output, 'member disappeared')

/**
 * Until every Tomcat knows all the others: a session that begins before is copied to nobody. Those that
 * never find each other are shown as they are.
 */
export const waitForMembers = async (
  servers: ReadonlyMap<string, RunningProcess>,
  clock: Clock,
): Promise<void> => {
  const end = clock.ticks() + patienceMs
  const isAlone = (): boolean =>
    [...servers.values()].some(
      ({ process, output }) => process.peers !== undefined && membersIn(output()) < process.peers,
    )
  while (isAlone() && clock.ticks() < end) await clock.wait(stepMs)
}
