import { basename, dirname, join, resolve } from 'node:path'
import type { Context } from '../../../context.ts'
import { UsageError } from '../../../errors.ts'
import { printedArguments } from '../../core/configure/printed.ts'
import { type Places, placesOf } from '../../core/install/places.ts'
import type { BuildPlan } from '../../core/plan/plan.ts'
import { parseProbe } from '../../core/upgrade/probe.ts'
import type { Limits } from '../../core/upgrade/state.ts'
import type { BuildWorld } from '../../ports/build.ts'
import { ownerOf } from '../installed.ts'
import type { Job } from '../job.ts'
import type { Args } from '../request.ts'
import type { Built } from '../steps/compile.ts'
import type { Planned } from '../steps/plan.ts'
import { requireRootsOwn } from './locked.ts'
import type { InstallRequest } from './prepare.ts'

const longestSoak = 86_400

const limitsOf = (soak: string): Limits => {
  const seconds = Number(soak)
  if (!/^\d+(\.\d+)?$/.test(soak) || seconds > longestSoak)
    throw new UsageError(`--soak: expected a number of seconds, found ${soak}`, {
      help: `set a number from 0 to ${longestSoak}`,
    })
  return { soakMs: seconds * 1000, startMs: 30_000, signalMs: 10_000, drainMs: 30_000 }
}

const mostGenerations = 100

const countOf = (option: string, text: string): number => {
  const count = Number(text)
  if (/^\d+$/.test(text) && count >= 1 && count <= mostGenerations) return count
  throw new UsageError(`${option}: expected a number from 1 to ${mostGenerations}, found ${text}`)
}

/** What the options say of an upgrade, before anything is built. @throws UsageError */
export const upgradeOptions = (args: Args, { cwd }: Context) => {
  const probe = args.probe === null ? null : parseProbe(args.probe)
  if (args.probe !== null && probe === null)
    throw new UsageError(`--probe: expected an http or https URL, found ${args.probe}`, {
      help: 'write the full URL, for example http://127.0.0.1/health',
    })
  if (args.resumeUpgrade && args.rollback)
    throw new UsageError('--resume-upgrade and --rollback cannot be combined')
  return {
    probe,
    limits: limitsOf(args.soak),
    keep: countOf('--keep', args.keep),
    generation: countOf('--generation', args.generation) - 1,
    pidFile: args.pid === null ? null : resolve(cwd, args.pid),
    sbin: args.sbin === null ? null : resolve(cwd, args.sbin),
  }
}

type World = Pick<BuildWorld, 'durable' | 'userId'>

/**
 * Folders may be links, and so may the file: what it leads to is replaced, and not the link.
 * @throws BuildError as root, when another user may change what it leads to.
 */
export const realFile = (path: string, world: World): string => {
  requireRootsOwn(path, world)
  const { real } = world.durable
  return real(join(real(dirname(path)), basename(path)))
}

const placesFor = ({ plan, target }: Planned): Places => {
  const flags =
    plan.target === 'modules' ? printedArguments(target?.configureArguments ?? '') : null
  return placesOf(flags ?? plan.flags)
}

/** Where the nginx that is built belongs. */
export const sbinOf = (args: Args, planned: Planned, { context, world, request }: Job): string => {
  const usual = request.forNginx ?? placesFor(planned).sbin
  return realFile(upgradeOptions(args, context).sbin ?? usual, world)
}

const moduleFiles = ({ target, linkage, moduleNames }: BuildPlan): readonly string[] =>
  target === 'modules' || linkage === 'dynamic' ? moduleNames.map((name) => `${name}.so`) : []

/** What would be changed, as far as it is known before anything is built. */
export const placesText = async (
  args: Args,
  planned: Planned,
  job: Job,
): Promise<readonly string[]> => {
  const { modules } = placesFor(planned)
  const shared = moduleFiles(planned.plan).length === 0 ? [] : [`${modules}/*.so`]
  if (planned.plan.target !== 'nginx') return shared
  const sbin = sbinOf(args, planned, job)
  const owner = await ownerOf(sbin, job)
  return [...shared, owner === null ? sbin : `${sbin}, a file of the package ${owner.package}`]
}

export const installRequestOf = (
  args: Args,
  planned: Planned,
  built: Built,
  job: Job,
): InstallRequest => {
  const { context, world } = job
  const sbin = sbinOf(args, planned, job)
  const { modules } = placesFor(planned)
  const { pidFile, probe, limits, keep } = upgradeOptions(args, context)
  return {
    kind: args.upgrade ? 'upgrade' : 'install',
    files: [
      ...built.modules.map((from) => ({
        from,
        to: realFile(`${modules}/${basename(from)}`, world),
      })),
      ...(built.nginx === null ? [] : [{ from: built.nginx, to: sbin }]),
    ],
    sbin,
    pidFile,
    probe,
    limits,
    keep,
  }
}
