import type { LabPlan } from '../../core/lab/plan.ts'
import type { LabProcess } from '../../core/lab/program.ts'
import type { LabWorld, Stage } from '../../ports/lab.ts'
import type { LabProgress } from '../../report/lab-progress.ts'
import { mapAtMost } from '../map-at-most.ts'
import { untilMet } from './members.ts'
import { bringUp, layOut, type Running } from './running.ts'

/** A cluster that is up. */
export interface LabRunning {
  readonly plan: LabPlan
  readonly stores: readonly Running[]
  /** By the name of the process. */
  readonly servers: ReadonlyMap<string, Running>
  readonly balancer: Running
}

/** Tomcats start two at a time: more of them would only take turns on the processors. */
const width = 2

const stopAll = async (started: readonly Running[]): Promise<void> => {
  await Promise.all([...started].reverse().map((running) => running.stop()))
}

/**
 * Brings a planned cluster up, stores first and the balancer last, and takes it down when the work
 * is done, failed or interrupted.
 */
export const withCluster = async <Result>(
  plan: LabPlan,
  host: string,
  stage: Stage,
  world: LabWorld,
  { say, during }: LabProgress,
  work: (running: LabRunning) => Promise<Result>,
): Promise<Result> => {
  const started: Running[] = []
  const around = { stage, world, host }
  const up = async (process: LabProcess): Promise<Running> => {
    const begin = world.clock.ticks()
    const what = `starting ${process.name} (${process.title})`
    const running = await during(what, () => bringUp(process, around))
    started.push(running)
    const seconds = ((world.clock.ticks() - begin) / 1000).toFixed(1)
    say(`${process.name}: ${process.title} is up (${seconds} s)`)
    return running
  }
  try {
    for (const { path, content } of plan.files) await stage.write(path, content)
    for (const path of plan.folders) await stage.makeFolder(path)
    for (const layout of plan.layouts) await layOut(layout, around)
    const stores: Running[] = []
    for (const process of plan.stores) stores.push(await up(process))
    // Those that look for each other do so as they start: one after the other.
    const most = plan.servers.some(({ peers }) => peers !== undefined) ? 1 : width
    const all = await mapAtMost(most, plan.servers, up)
    const servers = new Map(all.map((running) => [running.process.name, running]))
    const balancer = await up(plan.balancer)
    await during('waiting for the members', () => untilMet(servers, world.clock))
    return await work({ plan, stores, servers, balancer })
  } finally {
    await during('taking it down', () => stopAll(started))
  }
}
