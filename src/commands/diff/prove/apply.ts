import type { LabPlan } from '../../../core/lab/plan.ts'
import type { LabProcess } from '../../../core/lab/program.ts'
import type { Upstream } from '../../../core/model/cluster.ts'
import { isSameFolder, isSameProcess, type Steps, stepsBetween } from '../../../core/prove/steps.ts'
import { ToolError } from '../../../errors.ts'
import type { LabWorkplace, LabWorld } from '../../../ports/lab.ts'
import type { RunningCluster } from '../../lab/cluster.ts'
import { prepareFolder, type RunningProcess, waitForMembers } from '../../lab/process.ts'

/** A cluster that becomes another one. */
export interface Switch {
  readonly running: RunningCluster
  readonly after: LabPlan
  readonly servers: Steps
  readonly workplace: LabWorkplace
  readonly world: LabWorld
  /** Resolves when each busy client has sent so many further requests. */
  readonly rounds: (count: number) => Promise<void>
  readonly showDetail: (text: string) => void
}

const stepMs = 100
/** A worker that has a request finishes it first. */
const reloadTimeoutMs = 15_000
/** In addition to the time for which a balancer avoids a server that failed. */
const graceMs = 2_000
const defaultFailTimeoutMs = 10_000

/** So many requests show a client that no server is bound to it: a random choice never repeats as often. */
const roundsAfterwards = 5

const writeFiles = async ({ running, after, workplace, world }: Switch): Promise<void> => {
  const { plan } = running
  for (const { path, content } of after.files) await workplace.write(path, content)
  for (const path of after.folders) await workplace.makeFolder(path)
  const known = plan.sharedFolders
  for (const folder of after.sharedFolders)
    if (!known.some((one) => isSameFolder(one, folder)))
      await prepareFolder(folder, { workplace, world, host: after.host })
}

/** The time after which each balancer uses a server again that failed. */
const recoveryMs = ({ upstreams }: { readonly upstreams: readonly Upstream[] }): number =>
  graceMs +
  Math.max(
    ...upstreams.flatMap(({ servers }) =>
      servers.map(({ failTimeoutMs }) => failTimeoutMs ?? defaultFailTimeoutMs),
    ),
  )

/** The processes that run, by their names. */
type Processes = Map<string, RunningProcess>

const processNamed = (processes: Processes, name: string): RunningProcess => {
  const found = processes.get(name)
  if (found === undefined) throw new ToolError(`the lab has no process ${name}`)
  return found
}

const startAll = async (
  started: readonly LabProcess[],
  processes: Processes,
  { running }: Switch,
): Promise<void> => {
  for (const process of started) processes.set(process.name, await running.start(process))
}

const stopAll = async (names: readonly string[], processes: Processes): Promise<void> => {
  for (const name of names) {
    await processNamed(processes, name).stop()
    processes.delete(name)
  }
}

/**
 * Stops a server whose folder is used again, and removes what was written there: the library of another
 * release would be loaded. What the server wrote stays, such as saved sessions. The rights are those of the
 * servers, which may have put links into the folder.
 */
const vacate = async (name: string, processes: Processes, { workplace }: Switch): Promise<void> => {
  const { files, links } = processNamed(processes, name).process
  await stopAll([name], processes)
  const paths = [...files.map(({ path }) => path), ...Object.keys(links)]
  if (paths.length === 0) return
  const command = { program: '/bin/rm', args: ['-f', '--', ...paths], env: {}, input: null }
  await workplace.run(command, `${workplace.folder}/${name}`)
}

/** How the balancer gets its new configuration. */
const balancerStep = ({ running, after }: Switch): 'none' | 'reload' | 'restart' => {
  const [old, now] = [running.plan.balancer, after.balancer]
  if (isSameProcess(old, now)) return 'none'
  return old.title === now.title && old.command.program === now.command.program
    ? 'reload'
    : 'restart'
}

const changeBalancer = async (change: Switch): Promise<void> => {
  const { running, after, world, rounds } = change
  const { balancer } = running
  switch (balancerStep(change)) {
    case 'none':
      return
    case 'reload': {
      await balancer.reload(after.balancer)
      const end = world.clock.ticks() + reloadTimeoutMs
      do await world.clock.wait(stepMs)
      while (!(await balancer.isReloaded()) && world.clock.ticks() < end)
      break
    }
    case 'restart':
      await balancer.stop()
      await rounds(1)
      await running.start(after.balancer)
  }
}

/** Each busy client sends a request while a server is down: what it finds elsewhere is what it keeps. */
const replaceServers = async (change: Switch, processes: Processes): Promise<void> => {
  const { running, after, servers, world, rounds } = change
  const { clock } = world
  const { dialect } = after.cluster.targets[0] ?? { dialect: 'nginx' }
  // nginx and HAProxy forget with a reload which servers failed.
  const forgets = dialect !== 'httpd' && balancerStep(change) !== 'none'
  for (const [index, { stops, starts }] of servers.replaced.entries()) {
    change.showDetail(`restarting ${starts.name}`)
    for (const name of stops) await vacate(name, processes, change)
    await rounds(1)
    processes.set(starts.name, await running.start(starts))
    await waitForMembers(processes, clock)
    const isLast = index === servers.replaced.length - 1
    if (!isLast || !forgets) await clock.wait(recoveryMs(after.cluster))
  }
}

/**
 * Turns a running cluster into that of the new spec as `generate` and its next steps do: new stores and
 * servers first, then the servers that change, one after the other, then the balancer; last, what is not
 * used any more stops.
 */
export const applyChange = async (change: Switch): Promise<void> => {
  const { running, after, servers, rounds, showDetail } = change
  const stores = stepsBetween(running.plan.stores, after.stores)
  const storeProcesses: Processes = new Map(
    running.stores.map((store) => [store.process.name, store]),
  )
  const processes: Processes = new Map(running.servers)
  await writeFiles(change)
  for (const { stops, starts } of stores.replaced) {
    for (const name of stops) await vacate(name, storeProcesses, change)
    storeProcesses.set(starts.name, await running.start(starts))
  }
  await startAll(stores.added, storeProcesses, change)
  await startAll(servers.added, processes, change)
  await replaceServers(change, processes)
  showDetail('changing the balancer')
  await changeBalancer(change)
  await stopAll(servers.removed, processes)
  await stopAll(stores.removed, storeProcesses)
  showDetail('waiting for further requests')
  await rounds(roundsAfterwards)
}
