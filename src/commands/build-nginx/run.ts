import { resolve } from 'node:path'
import type { Context } from '../../context.ts'
import { type Lock, lockText } from '../../core/build/lock/lock.ts'
import { parseLock } from '../../core/build/lock/parse.ts'
import type { BuildEvent } from '../../core/build/steps/events.ts'
import { IoError, UsageError } from '../../errors.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { BuildWorld } from '../../ports/build.ts'
import { buildForJson, formatBuild, formatBuildPlan } from '../../report/build.ts'
import { progressView } from '../../report/build-progress.ts'
import { formatJson } from '../../report/json.ts'
import { styleFor } from '../../report/style.ts'
import type { buildNginxOptions } from '../build-nginx.ts'
import type { Outcome, Run } from '../define.ts'
import { cacheFor } from './cache.ts'
import { engineFor } from './engine.ts'
import type { Job } from './job.ts'
import { type Finished, planOnly, runPipeline } from './pipeline.ts'
import { type Args, requestOf } from './request.ts'
import { readWishes } from './spec.ts'
import type { Planned } from './steps/plan.ts'

const readLock = async (
  file: string,
  { disk }: BuildWorld,
  isNeeded: boolean,
): Promise<Lock | null> => {
  const bytes = await disk.readIfThere(file)
  if (bytes === null) {
    if (!isNeeded) return null
    throw new UsageError(`--frozen: there is no ${file}`, {
      help: 'build once without it, and commit nginx.lock',
    })
  }
  const lock = parseLock(new TextDecoder().decode(bytes))
  if (lock !== null) return lock
  throw new UsageError(`${file} is no nginx.lock`, {
    help: 'take it from version control again, or remove it',
  })
}

/** What the run tells while it works; nothing with --quiet, and nothing that is not JSON with JSON. */
const emitter = (
  args: Args,
  world: BuildWorld,
  context: Context,
): ((event: BuildEvent) => void) => {
  if (args.quiet || args.format === 'json') return () => undefined
  const { isTerminal, columns, write } = world.screen
  const style = styleFor(context.colour.stderr)
  const view = progressView({ isTerminal, columns, isVerbose: args.verbose, style })
  return (event) => {
    const text = view(event)
    if (text !== '') write(text)
  }
}

/** The first that is written to the cache: where it cannot be, the user has to choose another. */
const makeLogs = async (folder: string, { disk }: BuildWorld): Promise<void> => {
  try {
    await disk.makeFolder(folder)
  } catch (error) {
    if (!(error instanceof IoError)) throw error
    throw new IoError(error.message, { cause: error, help: 'name another folder with --cache' })
  }
}

const writeLock = async (
  file: string,
  planned: Planned,
  finished: Finished,
  job: Job,
): Promise<void> => {
  const inputs = Object.fromEntries(
    finished.verified
      // What comes with sessctl is as new as it is.
      .filter(({ fetched }) => fetched.input.source.kind !== 'bundled')
      .map(({ fetched, locked }) => [fetched.input.name, locked]),
  )
  const toolchain = { cc: planned.host.compiler?.text ?? '' }
  const text = lockText({ format: 1, inputs, toolchain })
  const before = await job.world.disk.readIfThere(file)
  if (before === null || new TextDecoder().decode(before) !== text)
    await job.world.disk.write(file, text)
}

const outcome = (args: Args, content: object, text: string): Outcome => ({
  exitCode: exitCodes.done,
  stdout: args.format === 'json' ? formatJson('build-nginx', exitCodes.done, content) : text,
  stderr: '',
})

export const runBuildNginx: Run<typeof buildNginxOptions> = async (args, context, words) => {
  const world = await context.build()
  const wishes = await readWishes(args.file, words, args, context)
  const request = requestOf(args, words, wishes, context, world.processors)
  const lockFile = resolve(context.cwd, args.lock)
  const lock = await readLock(lockFile, world, request.isFrozen)
  const cache = cacheFor(args.cache, context)
  const job: Job = { context, world, request, cache, lock }
  const run = `${new Date(world.clock.now()).toISOString().replace(/[:.]/g, '-')}-${world.processId}`
  await makeLogs(cache.logs(run), world)
  const engine = engineFor(world, emitter(args, world, context), cache.logs(run))
  const planned = await planOnly(job, engine)
  const style = styleFor(context.colour.stdout)
  if (args.dryRun)
    return outcome(
      args,
      { plan: planned.plan, packages: request.outputs },
      formatBuildPlan(planned.plan, request.outputs, style),
    )
  const finished = await runPipeline(planned, job, engine)
  if (!request.isFrozen) await writeLock(lockFile, planned, finished, job)
  const { built, patched, verified } = finished
  const inputs = verified.map(({ fetched, locked }) => ({ name: fetched.input.name, ...locked }))
  const summary = {
    plan: planned.plan,
    name: finished.keys.name,
    configure: finished.configured.flags,
    built,
    inputs,
    taints: patched.taints,
    patches: patched.patches,
    packages: finished.packages,
  }
  const content = buildForJson({ ...summary, seen: finished.smoked.seen, steps: engine.records() })
  return outcome(args, content, formatBuild(summary, args.quiet, style))
}
