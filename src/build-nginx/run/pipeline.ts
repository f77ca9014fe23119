import type { Engine } from './engine.ts'
import type { Job } from './job.ts'
import { compile } from './steps/compile.ts'
import { configure, keysOf } from './steps/configure.ts'
import { extract } from './steps/extract.ts'
import { fetch } from './steps/fetch.ts'
import { packageAll } from './steps/package.ts'
import { patch } from './steps/patch.ts'
import { type Planned, plan } from './steps/plan.ts'
import { smoke } from './steps/smoke.ts'
import { verify } from './steps/verify.ts'

/** The steps of a build in their order; each gets what those before it gave. */
export const planOnly = (job: Job, engine: Engine): Promise<Planned> =>
  engine.run('plan', plan(job))

export const runPipeline = async (planned: Planned, job: Job, engine: Engine) => {
  const fetched = await engine.run('fetch', fetch(planned.plan, job))
  const verified = await engine.run('verify', verify(fetched, job))
  const trees = await engine.run('extract', extract(verified, planned.plan, job))
  const patched = await engine.run('patch', patch(trees, planned.plan, job))
  const keys = await keysOf(patched, planned, job)
  // Another run may want the same: it waits, and then finds all done.
  const lockFile = `${job.cache.work(keys.work)}.lock`
  const { configured, built } = await job.world.disk.exclusively(lockFile, async () => {
    const ready = await engine.run('configure', configure(keys, patched, planned, job))
    const made = compile(ready, verified, patched, planned, job)
    return { configured: ready, built: await engine.run('compile', made) }
  })
  const smoked = await engine.run('smoke', smoke(built, planned, job))
  const ready = { planned, verified, patched, keys, configured, built }
  const packages =
    job.request.outputs.length === 0 ? [] : await engine.run('package', packageAll(ready, job))
  return { packages, verified, patched, keys, configured, built, smoked }
}

export type Finished = Awaited<ReturnType<typeof runPipeline>>
