import { BuildError } from '../../../errors.ts'
import { misfits } from '../../core/abi/fit.ts'
import { type NginxFacts, readSharedObject, releaseOf } from '../../core/abi/read.ts'
import type { HostConfig } from '../../core/install/host-config.ts'
import type { BuildWorld } from '../../ports/build.ts'
import type { UpgradeServices } from './actions.ts'
import type { Binary, Host } from './host.ts'
import type { FoundMaster } from './masters.ts'
import { pidIn } from './observe.ts'
import { type Placed, testConfiguration } from './private-nginx.ts'

/** Which of the modules that the configuration loads the new nginx would refuse, and why. */
export const misfittingModules = async (
  nginx: NginxFacts,
  loaded: readonly string[],
  placed: readonly Placed[],
  { disk, durable }: BuildWorld,
): Promise<readonly string[]> => {
  const wrong: string[] = []
  for (const file of loaded) {
    const real = durable.real(file)
    const source = placed.find(({ to }) => to === real)?.from ?? real
    const bytes = await disk.readIfThere(source)
    const object = bytes === null ? null : readSharedObject(bytes)
    if (object === null) {
      wrong.push(
        `${file}, which the configuration loads, is ${bytes === null ? 'missing' : 'not a module'}`,
      )
      continue
    }
    const [first] = misfits(nginx, object)
    if (first === undefined) continue
    const why =
      first.reason === 'version'
        ? `is for nginx ${releaseOf(first.moduleVersion)}, not ${releaseOf(first.nginxVersion)}`
        : first.reason === 'signature'
          ? `differs in ${first.differences.map(({ what }) => what).join(', ')}`
          : 'is for another machine, or this nginx cannot load modules'
    wrong.push(`${file}, which the configuration loads, ${why}`)
  }
  return wrong
}

export interface Refusal {
  readonly message: string
  readonly help: string
}

const notDaemon: Refusal = {
  message: 'this nginx runs with "daemon off": it ignores USR2, because a supervisor restarts it',
  help: 'Docker: build an image with the new nginx and replace the container; systemd: Type=forking without "daemon off", or --install and "systemctl restart"; supervisord: --install and restart it there',
}

/** Why a running nginx cannot be replaced without a restart. */
export const refusals = async (
  master: FoundMaster,
  config: HostConfig | null,
  pidFile: string,
  sbin: string,
  { world }: UpgradeServices,
): Promise<readonly Refusal[]> => {
  const { durable, running, userId } = world
  const { facts, title } = master
  const found: Refusal[] = []
  const isOwn = userId === facts.userId
  if (!isOwn)
    found.push({
      message: `the master, process ${facts.pid}, belongs to another user`,
      help: 'run sessctl as the user of the master',
    })
  if (config?.isDaemon === false || facts.pid === 1) found.push(notDaemon)
  if (!title.program.startsWith('/'))
    found.push({
      message: `nginx was started with the relative path "${title.program}", which it would execute again in ${master.folder}`,
      help: `restart nginx once with its absolute path, ${sbin}`,
    })
  else if (durable.real(title.program) !== sbin)
    found.push({
      message: `nginx was started as ${title.program}, but ${sbin} is to be replaced`,
      help: `set --sbin ${title.program}`,
    })
  if (durable.identity(`${pidFile}.oldbin`) !== null)
    found.push({
      message: `${pidFile}.oldbin exists: another upgrade is running, or was not finished`,
      help: 'finish it: sessctl build-nginx --resume-upgrade, or send QUIT to the master that should exit; remove the file if no process has that id',
    })
  const foreign = durable.foreign(pidFile, 'itself')
  if (foreign !== null)
    found.push({
      message: `${pidFile} is not used: ${foreign.why}`,
      help: 'allow only root and the user of the master to write it',
    })
  const pid = await pidIn(pidFile, world)
  if (pid !== facts.pid)
    found.push({
      message: `${pidFile} has ${pid === null ? 'no process id' : `process id ${pid}`}, but the master is process ${facts.pid}`,
      help: 'set the correct pid file with --pid, or restart nginx',
    })
  if (isOwn && running.executable(facts.pid) === null)
    found.push({
      message: `no permission to see which file process ${facts.pid} executes`,
      help: 'run sessctl as root',
    })
  return found
}

export const refuse = (found: readonly Refusal[]): void => {
  if (found.length === 0) return
  throw new BuildError(found.map(({ message }) => message).join('\n'), {
    help: [...new Set(found.map(({ help }) => help))].join('\n    '),
  })
}

/**
 * As root, nginx gives its temporary folders to the user of its workers, also when it only tests;
 * workers that run as another user could then not write there.
 */
const checkOwners = (
  { places }: Binary,
  { config }: Host,
  { world: { durable, userId } }: UpgradeServices,
): void => {
  const user = config?.user ?? places.user
  const uid = durable.userId(user)
  if (userId !== 0 || config === null || uid === null) return
  for (const folder of config.temporary) {
    const owner: number = durable.attributes(folder)?.uid ?? uid
    if (owner === uid) continue
    throw new BuildError(
      `the workers of the new nginx would run as "${user}", but ${folder} belongs to user ${owner}: nginx would change its owner`,
      {
        help: 'nothing was changed; build with the --user of the nginx that runs, or write "user NAME;" into its configuration and reload it',
      },
    )
  }
}

/** nginx's own opinion, before anything is touched. */
export const checkNew = async (
  binary: string,
  fresh: Binary,
  placed: readonly Placed[],
  host: Host,
  services: UpgradeServices,
): Promise<void> => {
  const loaded = host.config?.loaded ?? []
  const wrong = await misfittingModules(fresh.facts, loaded, placed, services.world)
  if (wrong.length > 0)
    throw new BuildError(wrong.join('\n'), {
      help: 'build these modules too (-m NAME --dynamic), or remove their load_module first',
    })
  checkOwners(fresh, host, services)
  if (host.config === null) return
  const output = await testConfiguration(binary, host, placed, services)
  if (output !== null)
    throw new BuildError(`the new nginx does not accept this host's configuration: ${output}`, {
      help: 'nothing was changed; build with the options that the configuration needs (--like), or change the configuration',
    })
}
