import { basename, dirname, join } from 'node:path'
import { BuildError } from '../../../errors.ts'
import { releaseOf } from '../../core/abi/read.ts'
import { ownerAdvice } from '../../core/install/owner.ts'
import type { History } from '../../core/upgrade/generations.ts'
import { type Entry, freshName, type Journal, type Master } from '../../core/upgrade/journal.ts'
import { isRight, type Probe, probeOf, probeText } from '../../core/upgrade/probe.ts'
import { begin, type Limits, type State } from '../../core/upgrade/state.ts'
import type { StepTools } from '../engine.ts'
import { ownerOf } from '../installed.ts'
import type { UpgradeServices } from './actions.ts'
import { type Binary, type Host, readBinary, readHost } from './host.ts'
import { requireRootsOwn, type Tidy } from './locked.ts'
import { type FoundMaster, findMaster } from './masters.ts'
import { checkNew, refusals, refuse } from './preflight.ts'
import { type Placed, probePrivately } from './private-nginx.ts'

export interface InstallRequest {
  readonly kind: State['kind']
  /** Modules first; without a binary, only modules are new. */
  readonly files: readonly Placed[]
  /** Where nginx stands, without links. */
  readonly sbin: string
  readonly pidFile: string | null
  /** Null: an address of the configuration. */
  readonly probe: Probe | null
  readonly limits: Limits
  /** How many replaced versions are kept. */
  readonly keep: number
}

export interface Prepared {
  readonly journal: Journal
  /** Old and new release. */
  readonly from: string | null
  readonly to: string
}

const mostAddresses = 5

/** What answers today must answer in the same way tomorrow. */
const chooseProbe = async (
  named: Probe | null,
  { config }: Host,
  { world }: UpgradeServices,
  { advise }: Pick<StepTools, 'advise'>,
): Promise<Probe | null> => {
  if (named !== null) {
    const { status } = await world.prober.ask(named, [])
    if (status !== null && isRight(named, status)) return named
    throw new BuildError(
      `${probeText(named)} ${status === null ? 'does not answer' : `answers with ${status}`} with the running nginx`,
      { help: 'set --probe to a URL that answers with 2xx or 3xx' },
    )
  }
  for (const address of (config?.addresses ?? []).slice(0, mostAddresses)) {
    const probe = probeOf(address)
    const { status } = await world.prober.ask(probe, [])
    if (status !== null) return { ...probe, status }
  }
  advise({
    level: 'warning',
    message: 'no HTTP address of the configuration answers: only the processes are watched',
    help: 'set a URL with --probe',
  })
  return null
}

/**
 * A module goes where the configuration loads one of its name from; else where it was configured to
 * be, below the prefix that nginx runs with.
 */
const whereLoaded = (
  files: readonly Placed[],
  { places }: Binary,
  { config, prefix }: Host,
  { world }: UpgradeServices,
): readonly Placed[] =>
  files.map(({ from, to }) => {
    if (!to.endsWith('.so')) return { from, to }
    const loaded = config?.loaded.find((file) => basename(file) === basename(to))
    const isBelow = to.startsWith(`${places.prefix}/`)
    const usual = isBelow ? join(prefix, to.slice(places.prefix.length)) : to
    return { from, to: world.durable.real(loaded ?? usual) }
  })

/** File capabilities, ACLs and the SELinux label are part of how nginx is installed. */
const copyAttributes = async (
  from: string,
  to: string,
  { context: { exec }, world: { durable } }: UpgradeServices,
): Promise<void> => {
  const label = durable.identity('/sys/fs/selinux/enforce') === null ? '' : ',context'
  const options = ['--attributes-only', `--preserve=mode,xattr${label}`]
  const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C' }
  const { mode = 0 } = durable.attributes(to) ?? {}
  const result = await exec.run('cp', [...options, '--', from, to], { env, isIsolated: true })
  // Never setuid: it was given to another file.
  await durable.setMode(to, mode & 0o755)
  if (result?.exitCode === 0) return
  throw new BuildError(
    `the file capabilities and ACLs of ${from} cannot be copied: ${result?.stderr.trim() ?? 'there is no program cp'}`,
    {
      help: `run this as root, with the cp of GNU coreutils. For the nginx of another user, as root: "getcap ${from}" shows them, "setcap -r ${from}" removes them (the running nginx keeps them); run this again as that user, then set them on the new file with setcap`,
    },
  )
}

const stage = async (
  placed: readonly Placed[],
  services: UpgradeServices,
): Promise<readonly Entry[]> => {
  const { durable } = services.world
  const entries: Entry[] = []
  try {
    for (const { from, to } of placed) {
      const old = durable.identity(to)
      await durable.copy(from, freshName(to), old === null ? null : to)
      if (old !== null) await copyAttributes(to, freshName(to), services)
      const fresh = durable.identity(freshName(to))
      if (fresh === null) throw new BuildError(`${freshName(to)} no longer exists`)
      entries.push({ to, old, fresh })
    }
  } catch (error) {
    // No journal knows of them yet.
    for (const { to } of placed) await durable.remove(freshName(to)).catch(() => undefined)
    throw error
  }
  return entries
}

const masterFor = (
  { facts, title, folder }: FoundMaster,
  pidFile: string,
  sbin: string,
  entries: readonly Entry[],
  { world: { durable, running } }: UpgradeServices,
): Master => {
  const installed = entries.find(({ to }) => to === sbin)?.fresh ?? durable.identity(sbin)
  return {
    id: { pid: facts.pid, began: facts.began },
    program: title.program,
    args: [...title.args],
    folder,
    oldBinary: running.executable(facts.pid) ?? '',
    freshBinary: installed ?? '',
    pidFile,
    pidFileSeen: durable.version(pidFile) ?? '',
  }
}

const releaseAt = async (file: string, services: UpgradeServices): Promise<string | null> => {
  if ((await services.world.disk.kind(file)) !== 'file') return null
  return readBinary(file, services).then(
    ({ facts }) => releaseOf(facts.version),
    () => null,
  )
}

const adviseOwner = async (
  file: string,
  services: UpgradeServices,
  { advise }: Pick<StepTools, 'advise'>,
): Promise<void> => {
  const owner = await ownerOf(file, services)
  const advice = owner === null ? null : ownerAdvice(file, owner)
  if (advice !== null) advise({ level: 'warning', ...advice })
}

/**
 * Everything that can be found out before something is changed, then the new files beside the old
 * ones, and a journal to go on with.
 * @throws BuildError when it cannot be done, with all reasons; nothing is changed then.
 */
export const prepare = async (
  wanted: InstallRequest,
  services: UpgradeServices,
  tools: Pick<StepTools, 'advise'>,
  { watch }: Tidy,
  history: History,
): Promise<Prepared> => {
  const { world } = services
  const { disk } = world
  const { files, sbin } = wanted
  const isUpgrade = wanted.kind === 'upgrade'
  const source = files.find(({ to }) => to === sbin)?.from ?? sbin
  const binary = await readBinary(source, services)
  const isThere = (await disk.kind(sbin)) === 'file'
  // What is replaced was an nginx: a link may lead to any other program.
  if (isThere) await readBinary(sbin, services)
  const master = isUpgrade || isThere ? await findMaster(sbin, wanted.pidFile, world) : null
  if (isUpgrade && master === null)
    throw new BuildError(`no nginx runs from ${sbin}`, {
      help: 'start it, or replace the file with --install; set another binary with --sbin; if another user runs nginx, run sessctl as that user',
    })
  const host = await readHost(binary, master, services, tools)
  const pidFile = wanted.pidFile ?? host.pidFile
  if (isUpgrade && master !== null)
    refuse(await refusals(master, host.config, pidFile, sbin, services))
  const placed = whereLoaded(files, binary, host, services)
  for (const { to } of placed) requireRootsOwn(to, world)
  await checkNew(source, binary, placed, host, services)
  const probe = isUpgrade ? await chooseProbe(wanted.probe, host, services, tools) : null
  if (probe !== null && !(await probePrivately(source, host, placed, probe, services)))
    tools.advise({
      level: 'note',
      message: `${probeText(probe)} is not an address of this configuration: the new nginx is not tried on a private port first`,
      help: null,
    })
  for (const { to } of placed) await adviseOwner(to, services, tools)
  const from = await releaseAt(sbin, services)
  for (const { to } of placed) watch(dirname(to))
  const entries = await stage(placed, services)
  const journal: Journal = {
    format: 1,
    state: begin(wanted.kind),
    end: null,
    boot: world.running.boot(),
    startedAt: new Date(world.clock.now()).toISOString(),
    sbin,
    from,
    entries: [...entries],
    ...history,
    args: [...host.args],
    folder: host.folder,
    isTested: host.config !== null,
    master:
      isUpgrade && master !== null ? masterFor(master, pidFile, sbin, entries, services) : null,
    fresh: null,
    probe,
    limits: wanted.limits,
  }
  return { journal, from, to: releaseOf(binary.facts.version) }
}
