import { type BalancerProcess, successorArgs } from '../../core/lab/balancer.ts'
import type { LabProcess, ProcessFolder } from '../../core/lab/program.ts'
import { ToolError } from '../../errors.ts'
import type { Daemon, LabWorkplace, LabWorld } from '../../ports/lab.ts'

/** A slow machine that starts several Tomcats takes its time. */
const patienceMs = 180_000
const stepMs = 100

/** A process of the lab that can be ended and started again. */
export interface RunningProcess {
  readonly process: LabProcess
  readonly kill: () => Promise<void>
  readonly stop: () => Promise<void>
  /** Resolves when it is ready. */
  readonly start: () => Promise<void>
  /** For a balancer with changed files. */
  readonly reload: (changed: BalancerProcess) => Promise<void>
  /** The last that it said since it was started. */
  readonly output: () => string
  /** What it did not understand of its configuration, as it said at its first start. */
  readonly warnings: readonly string[]
}

interface ProcessEnvironment {
  readonly workplace: LabWorkplace
  readonly world: LabWorld
  readonly host: string
}

/** Without the frames of stack traces, which would hide what went wrong. */
const lastLines = (output: string): string =>
  output
    .trim()
    .split('\n')
    .filter((line) => !/^\s+(?:at |\.\.\. \d+ more)/.test(line))
    .slice(-8)
    .join('\n')

const outputNotShown =
  'what it said is not shown, since its files are made from files outside of the repository (--allow-outside)'

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
      help: 'what it said last stands above',
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
  if (status === '500') throw await failed(process, 'cannot answer:', daemon, environment)
  return status === '200'
}

const waitFor = async (process: LabProcess, daemon: Daemon, environment: ProcessEnvironment) => {
  const { clock } = environment.world
  const end = clock.ticks() + patienceMs
  while (!(await isReady(process, daemon, environment))) {
    if (daemon.ended() !== null) throw await failed(process, 'ended at once:', daemon, environment)
    if (clock.ticks() > end)
      throw await failed(process, 'was not ready in time:', daemon, environment)
    await clock.wait(stepMs)
  }
}

/** Says again what is not understood yet: a cluster takes a moment to agree. */
const runSetup = async (process: LabProcess, daemon: Daemon, environment: ProcessEnvironment) => {
  const { world, host } = environment
  const { clock, network } = world
  const end = clock.ticks() + patienceMs
  for (const { port, text, expected } of process.setup) {
    for (;;) {
      const answer = await network.exchange(host, port, text)
      if (answer !== null && expected.test(answer)) break
      if (clock.ticks() > end)
        throw await failed(process, `answered ${answer ?? 'nothing'}:`, daemon, environment)
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

/** Writes it and prepares it. */
export const prepareFolder = async (
  layout: ProcessFolder,
  environment: ProcessEnvironment,
): Promise<void> => {
  await write(layout, environment)
  for (const command of layout.preparations)
    await environment.workplace.run(command, folderOf(layout, environment))
}

/** Lays a process out and starts it. */
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
  /** Those that only finish what they began. */
  const former: Daemon[] = []
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
      if (changed.reload !== 'successor') return daemon.signal(changed.reload)
      former.push(daemon)
      daemon = await begin({ ...changed.command, args: successorArgs(changed, daemon.pid) })
    },
    output: () => daemon.output(),
    warnings: complaints,
  }
}
