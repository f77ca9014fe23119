import { type BalancerProcess, successorArgs } from '../../core/lab/balancer.ts'
import type { LabProcess, ProcessFolder } from '../../core/lab/program.ts'
import { ToolError } from '../../errors.ts'
import type { Daemon, LabWorkplace, LabWorld } from '../../ports/lab.ts'
import type { Clock } from '../../ports.ts'

/** A slow machine may start several Tomcats at a time. */
const startTimeoutMs = 180_000
const stepMs = 100

/** A process of the lab that can be stopped and started again. */
export interface RunningProcess {
  readonly process: LabProcess
  readonly kill: () => Promise<void>
  readonly stop: () => Promise<void>
  /** Resolves when the process is ready. */
  readonly start: () => Promise<void>
  /** Reloads a balancer with changed files. */
  readonly reload: (changed: BalancerProcess) => Promise<void>
  /** Whether no process of the former configuration takes requests any more. */
  readonly isReloaded: () => Promise<boolean>
  /** The end of its output since its last start. */
  readonly output: () => string
  /** Warnings about its configuration during the first start. */
  readonly warnings: readonly string[]
}

interface ProcessEnvironment {
  readonly workplace: LabWorkplace
  readonly world: LabWorld
  readonly host: string
}

/** Without the frames of stack traces, which would hide the cause. */
const lastLines = (output: string): string =>
  output
    .trim()
    .split('\n')
    .filter((line) => !/^\s+(?:at |\.\.\. \d+ more)/.test(line))
    .slice(-8)
    .join('\n')

const outputNotShown =
  'the output is not shown, because its configuration comes from files outside of the repository (--allow-outside)'

const failed = async (
  { title, name, log, hidesOutput: isDiscreet }: LabProcess,
  what: string,
  daemon: Daemon,
  { workplace }: ProcessEnvironment,
): Promise<ToolError> => {
  if (isDiscreet === true)
    return new ToolError(`${name} (${title}) ${what.replace(/:$/, '')}`, { help: outputNotShown })
  const logged = log === null ? '' : await workplace.read(`${name}/${log}`)
  return new ToolError(
    `${name} (${title}) ${what}\n${lastLines(`${daemon.output()}\n${logged}`)}`,
    {
      help: 'see the end of its output above',
    },
  )
}

const isReady = async (
  process: LabProcess,
  daemon: Daemon,
  environment: ProcessEnvironment,
): Promise<boolean> => {
  const { ports, line, path } = process.ready
  const { host } = environment
  const { network } = environment.world
  if (line !== null && !line.test(daemon.output())) return false
  for (const port of ports) if (!(await network.accepts(host, port))) return false
  const [port] = ports
  if (path === null || port === undefined) return true
  const request = `GET ${path}?create=false HTTP/1.0\r\nHost: ${host}:${port}\r\n\r\n`
  const [, status] =
    /^HTTP\/1\.\d (\d+)/.exec((await network.exchange(host, port, request)) ?? '') ?? []
  if (status === '500') throw await failed(process, 'returns status 500:', daemon, environment)
  return status === '200'
}

const waitFor = async (process: LabProcess, daemon: Daemon, environment: ProcessEnvironment) => {
  const { clock } = environment.world
  const end = clock.ticks() + startTimeoutMs
  while (!(await isReady(process, daemon, environment))) {
    if (daemon.ended() !== null)
      throw await failed(process, 'exited during its start:', daemon, environment)
    if (clock.ticks() > end)
      throw await failed(process, 'did not become ready in time:', daemon, environment)
    await clock.wait(stepMs)
  }
}

/** Repeats each exchange until it succeeds: a Redis Cluster takes a moment to form. */
const runSetup = async (process: LabProcess, daemon: Daemon, environment: ProcessEnvironment) => {
  const { world, host } = environment
  const { clock, network } = world
  const end = clock.ticks() + startTimeoutMs
  for (const { port, text, expected } of process.setup) {
    for (;;) {
      const answer = await network.exchange(host, port, text)
      if (answer !== null && expected.test(answer)) break
      if (clock.ticks() > end)
        throw await failed(
          process,
          `returned ${answer ?? 'no response'} during its setup:`,
          daemon,
          environment,
        )
      await clock.wait(stepMs)
    }
  }
}

const write = async (layout: ProcessFolder, { workplace }: ProcessEnvironment): Promise<void> => {
  const { name, files, folders, links } = layout
  await workplace.makeFolder(name)
  for (const path of folders) await workplace.makeFolder(`${name}/${path}`)
  for (const { path, content } of files) await workplace.write(`${name}/${path}`, content)
  for (const [path, target] of Object.entries(links))
    await workplace.link(`${name}/${path}`, target)
}

const folderOf = ({ name }: ProcessFolder, { workplace }: ProcessEnvironment): string =>
  `${workplace.folder}/${name}`

/** Writes the files of a folder and runs its preparations. */
export const prepareFolder = async (
  layout: ProcessFolder,
  environment: ProcessEnvironment,
): Promise<void> => {
  await write(layout, environment)
  for (const command of layout.preparations)
    await environment.workplace.run(command, folderOf(layout, environment))
}

/** Prepares the folder of a process and starts it. */
export const startProcess = async (
  process: LabProcess,
  environment: ProcessEnvironment,
): Promise<RunningProcess> => {
  const { workplace } = environment
  const cwd = folderOf(process, environment)
  await prepareFolder(process, environment)
  const begin = async (command = process.command): Promise<Daemon> => {
    const started = await workplace.start(command, cwd, process.stop)
    try {
      await waitFor(process, started, environment)
      await runSetup(process, started, environment)
      return started
    } catch (error) {
      await started.kill()
      throw error
    }
  }
  let daemon = await begin()
  /** Replaced processes that still finish their requests. */
  const former: Daemon[] = []
  let formerChildren: readonly number[] = []
  const { warningPattern: complaint } = process
  const said = daemon.output().split('\n')
  const found = complaint === null ? [] : said.filter((line) => complaint.test(line))
  const isHidden = process.hidesOutput === true && found.length > 0
  const complaints = isHidden ? [`${found.length} warnings; ${outputNotShown}`] : found
  return {
    process,
    start: async () => {
      daemon = await begin()
    },
    kill: () => daemon.kill(),
    stop: async () => {
      await Promise.all([daemon, ...former].map((one) => one.stop()))
    },
    reload: async (changed) => {
      await write(changed, environment)
      formerChildren = await daemon.children()
      if (changed.reload !== 'successor') return daemon.signal(changed.reload)
      former.push(daemon)
      daemon = await begin({ ...changed.command, args: successorArgs(changed, daemon.pid) })
    },
    isReloaded: async () => {
      const children = await daemon.children()
      const isGone = former.every((one) => one.ended() !== null)
      return isGone && !formerChildren.some((pid) => children.includes(pid))
    },
    output: () => daemon.output(),
    warnings: complaints,
  }
}

/** Longer than a busy Tomcat takes to answer another one. */
const membershipTimeoutMs = 30_000

const count = (output: string, words: string): number => output.split(words).length - 1

/** The number of other members that a Tomcat has logged. */
const membersIn = (output: string): number =>
  count(output, 'Replication member added') - count(output, 'member disappeared')

/**
 * Waits until each Tomcat knows all other members: earlier sessions would not be replicated. Gives up
 * after a while, so that the results show a cluster that does not form.
 */
export const waitForMembers = async (
  servers: ReadonlyMap<string, RunningProcess>,
  clock: Clock,
): Promise<void> => {
  const end = clock.ticks() + membershipTimeoutMs
  const isAlone = (): boolean =>
    [...servers.values()].some(
      ({ process, output }) => process.peers !== undefined && membersIn(output()) < process.peers,
    )
  while (isAlone() && clock.ticks() < end) await clock.wait(stepMs)
}
