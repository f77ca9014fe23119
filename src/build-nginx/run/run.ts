import { resolve } from 'node:path'
import type { Outcome, Run } from '../../commands/define.ts'
import type { Context } from '../../context.ts'
import { IoError, UsageError } from '../../errors.ts'
import { exitCodes } from '../../exit-codes.ts'
import { formatJson } from '../../report/json.ts'
import { styleFor } from '../../report/style.ts'
import type { buildNginxOptions } from '../command.ts'
import { type Lock, lockText } from '../core/lock/lock.ts'
import { mostLockBytes, parseLock } from '../core/lock/parse.ts'
import { isMisread } from '../core/sources/parse.ts'
import type { BuildEvent } from '../core/steps/events.ts'
import type { BuildWorld } from '../ports/build.ts'
import { buildForJson, formatBuild, formatBuildPlan, formatInstalled } from '../report/build.ts'
import { progressView } from '../report/progress.ts'
import { readBuildSection } from './build-section.ts'
import { type Cache, cacheFor } from './cache.ts'
import { type Engine, engineFor } from './engine.ts'
import type { Job } from './job.ts'
import { type Finished, planOnly, runPipeline } from './pipeline.ts'
import { type Args, requestOf } from './request.ts'
import type { Planned } from './steps/plan.ts'
import { type InstallResult, install } from './upgrade/install.ts'
import { installRequestOf, placesText, upgradeOptions } from './upgrade/install-request.ts'
import { rememberUpgraded, runResume } from './upgrade/run.ts'

const readLock = async (
  file: string,
  { disk }: BuildWorld,
  isNeeded: boolean,
): Promise<Lock | null> => {
  const bytes = await disk.readIfThere(file, mostLockBytes)
  if (bytes === null) {
    if (!isNeeded) return null
    throw new UsageError(`--frozen needs ${file}, which does not exist`, {
      help: 'build once without --frozen, and commit nginx.lock',
    })
  }
  const lock = parseLock(new TextDecoder().decode(bytes))
  if (!isMisread(lock)) return lock
  throw new UsageError(`${file} ${lock.misread}`, { help: lock.help })
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
    throw new IoError(error.message, { cause: error, help: 'set another folder with --cache' })
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

const newEngine = async (
  args: Args,
  cache: Cache,
  context: Context,
  world: BuildWorld,
): Promise<Engine> => {
  await world.disk.secure(cache.folder)
  const run = `${new Date(world.clock.now()).toISOString().replace(/[:.]/g, '-')}-${world.processId}`
  await makeLogs(cache.logs(run), world)
  await world.disk.makeFolder(cache.temporary)
  return engineFor(world, emitter(args, world, context), cache.logs(run))
}

const continueUpgrade = async (
  args: Args,
  context: Context,
  world: BuildWorld,
): Promise<Outcome> => {
  const cache = cacheFor(args.cache, context)
  return runResume(args, cache, await newEngine(args, cache, context, world), context, world)
}

/** With --install or --upgrade. */
const putInPlace = async (
  args: Args,
  planned: Planned,
  { built }: Finished,
  job: Job,
  engine: Engine,
): Promise<InstallResult | null> => {
  if (!args.install && !args.upgrade) return null
  const wanted = installRequestOf(args, planned, built, job)
  await rememberUpgraded(wanted.sbin, job.cache, job.world)
  return install(wanted, engine, job)
}

const planOutcome = async (args: Args, planned: Planned, job: Job): Promise<Outcome> => {
  const changes = args.install || args.upgrade ? await placesText(args, planned, job) : []
  const { outputs } = job.request
  const style = styleFor(job.context.colour.stdout)
  const text = formatBuildPlan(planned.plan, outputs, changes, style)
  return outcome(args, { plan: planned.plan, packages: outputs, changes }, text)
}

export const runBuildNginx: Run<typeof buildNginxOptions> = async (args, context, words) => {
  const world = await context.build()
  upgradeOptions(args, context)
  if (args.resumeUpgrade || args.rollback) return continueUpgrade(args, context, world)
  const section = await readBuildSection(args.file, words, args, context)
  const request = requestOf(args, words, section, context, world.processors)
  const lockFile = resolve(context.cwd, args.lock)
  const lock = await readLock(lockFile, world, request.isFrozen)
  const cache = cacheFor(args.cache, context)
  const job: Job = { context, world, request, cache, lock }
  const engine = await newEngine(args, cache, context, world)
  const planned = await planOnly(job, engine)
  const style = styleFor(context.colour.stdout)
  if (args.dryRun) return planOutcome(args, planned, job)
  const finished = await runPipeline(planned, job, engine)
  if (!request.isFrozen) await writeLock(lockFile, planned, finished, job)
  const installed = await putInPlace(args, planned, finished, job, engine)
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
  const text = formatBuild(summary, args.quiet, style)
  return installed === null
    ? outcome(args, content, text)
    : outcome(args, { ...content, installed }, `${text}${formatInstalled(installed, style)}`)
}
