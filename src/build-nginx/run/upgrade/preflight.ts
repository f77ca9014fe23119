import { BuildError } from '../../../errors.ts'
import type { HostConfig } from '../../core/install/host-config.ts'
import { type Hands, testConfiguration } from './actions.ts'
import { modulesThatDoNotFit, type Placed } from './fit.ts'
import type { Binary, Host } from './host.ts'
import type { FoundMaster } from './masters.ts'
import { pidIn } from './observe.ts'

export interface Refusal {
  readonly message: string
  readonly help: string
}

const notDaemon: Refusal = {
  message: 'this nginx runs with "daemon off": it ignores USR2, as somebody else watches over it',
  help: 'Docker: build an image with the new nginx and replace the container; systemd: Type=forking without "daemon off", or --install and "systemctl restart"; supervisord: --install and restart it there',
}

/** Why a running nginx cannot be replaced without a restart. */
export const refusals = async (
  master: FoundMaster,
  config: HostConfig | null,
  pidFile: string,
  sbin: string,
  { world }: Hands,
): Promise<readonly Refusal[]> => {
  const { durable, running, userId } = world
  const { facts, title } = master
  const found: Refusal[] = []
  const isOwn = userId === facts.userId
  if (!isOwn)
    found.push({
      message: `the master, process ${facts.pid}, is another user's`,
      help: "run this as the master's own user",
    })
  if (config?.isDaemon === false || facts.pid === 1) found.push(notDaemon)
  if (!title.program.startsWith('/'))
    found.push({
      message: `nginx was started as "${title.program}": it would execute this again, from ${master.folder}`,
      help: `restart it once by its whole path, ${sbin}`,
    })
  else if (durable.real(title.program) !== sbin)
    found.push({
      message: `nginx was started as ${title.program}, and the new one is to be ${sbin}`,
      help: `name what runs: --sbin ${title.program}`,
    })
  if (durable.identity(`${pidFile}.oldbin`) !== null)
    found.push({
      message: `there is ${pidFile}.oldbin: an upgrade is under way, or was left in the middle`,
      help: 'end it: sessctl build-nginx --resume-upgrade, or QUIT to the master that is not wanted; remove the file if no process has its number',
    })
  const foreign = durable.foreign(pidFile, 'itself')
  if (foreign !== null)
    found.push({
      message: `${pidFile} is not used: ${foreign.why}`,
      help: 'which process gets a signal is for root and the user of the master to say',
    })
  const pid = await pidIn(pidFile, world)
  if (pid !== facts.pid)
    found.push({
      message: `${pidFile} has ${pid === null ? 'no process id' : pid}, and the master is ${facts.pid}`,
      help: 'name the right one with --pid, or restart nginx',
    })
  if (isOwn && running.executable(facts.pid) === null)
    found.push({
      message: `which file process ${facts.pid} executes may not be seen`,
      help: 'run this as root',
    })
  return found
}

export const refuse = (found: readonly Refusal[]): void => {
  if (found.length === 0) return
  throw new BuildError(found.map(({ message }) => message).join('\n'), {
    help: [...new Set(found.map(({ help }) => help))].join('\n    '),
  })
}

/** nginx's own opinion, before anything is touched, where none of its modules is to be replaced. */
export const checkNew = async (
  binary: string,
  { facts }: Binary,
  placed: readonly Placed[],
  host: Host,
  hands: Hands,
): Promise<void> => {
  const { world } = hands
  const loaded = host.config?.loaded ?? []
  const wrong = await modulesThatDoNotFit(facts, loaded, placed, world)
  if (wrong.length > 0)
    throw new BuildError(wrong.join('\n'), {
      help: 'build these modules too (-m NAME --dynamic), or take their load_module away first',
    })
  const isReplaced = placed.some(({ to }) => loaded.some((file) => world.durable.real(file) === to))
  if (host.config === null || isReplaced) return
  const said = await testConfiguration(binary, host.args, host.folder, hands)
  if (said !== null)
    throw new BuildError(`the new nginx does not take this host's configuration: ${said}`, {
      help: 'nothing was changed; build it with what the configuration needs (--like), or change that',
    })
}
