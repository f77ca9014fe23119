import type { LabPlan } from '../../core/lab/plan.ts'
import type { LabProcess } from '../../core/lab/program.ts'
import type { LabWorkplace, LabWorld } from '../../ports/lab.ts'
import type { Progress } from '../../report/progress.ts'
import { mapAtMost } from '../map-at-most.ts'
import { prepareFolder, type RunningProcess, startProcess, waitForMembers } from './process.ts'

export interface RunningCluster {
  readonly plan: LabPlan
  readonly stores: readonly RunningProcess[]
  /** By the name of the process. */
  readonly servers: ReadonlyMap<string, RunningProcess>
  readonly balancer: RunningProcess
  /** Starts another process, which ends with the cluster. */
  readonly start: (process: LabProcess) => Promise<RunningProcess>
}

/** Starting is bound by the processors: more at a time would not be faster. */
const parallelStarts = 2

/**
 * Starts a planned cluster, stores first and the balancer last, and stops it when the work has
 * succeeded, failed or was interrupted.
 */
export const withCluster = async <Result>(
  plan: LabPlan,
  workplace: LabWorkplace,
  world: LabWorld,
  progress: Progress,
  work: (running: RunningCluster) => Promise<Result>,
): Promise<Result> => {
  const started: RunningProcess[] = []
  const environment = { workplace, world, host: plan.host }
  const start = async (process: LabProcess): Promise<RunningProcess> => {
    const running = await progress.during(`starting ${process.name} (${process.title})`, () =>
      startProcess(process, environment),
    )
    started.push(running)
    return running
  }
  try {
    for (const { path, content } of plan.files) await workplace.write(path, content)
    for (const path of plan.folders) await workplace.makeFolder(path)
    for (const folder of plan.sharedFolders) await prepareFolder(folder, environment)
    const stores: RunningProcess[] = []
    for (const process of plan.stores) stores.push(await start(process))
    // Members of a Tomcat cluster discover each other during their start: one at a time.
    const isReplicated = plan.servers.some(({ peers }) => peers !== undefined)
    const all = await mapAtMost(isReplicated ? 1 : parallelStarts, plan.servers, start)
    const servers = new Map(all.map((running) => [running.process.name, running]))
    const balancer = await start(plan.balancer)
    if (isReplicated)
      await progress.during('waiting for the members of the Tomcat cluster', () =>
        waitForMembers(servers, world.clock),
      )
    return await work({ plan, stores, servers, balancer, start })
  } finally {
    await progress.during('stopping the cluster', async () => {
      await Promise.all([...started].reverse().map((running) => running.stop()))
    })
  }
}
