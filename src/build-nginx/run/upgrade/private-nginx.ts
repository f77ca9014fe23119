import { dirname } from 'node:path'
import { BuildError } from '../../../errors.ts'
import type { Workplace } from '../../../ports.ts'
import { printedArguments } from '../../core/configure/printed.ts'
import { type ConfigFile, directivesOf } from '../../core/install/config-files.ts'
import {
  mirroredFolder,
  missingTemporary,
  type PrivateCopy,
  privateCopy,
} from '../../core/install/private-copy.ts'
import { isRight, type Probe, probeText } from '../../core/upgrade/probe.ts'
import type { Daemon } from '../../ports/build.ts'
import type { ProbeAnswer } from '../../ports/upgrade.ts'
import type { UpgradeServices } from './actions.ts'
import { type Call, calledConfiguration, readBinary, readFiles } from './host.ts'

/** A file, and where it will stand. */
export interface Placed {
  readonly from: string
  readonly to: string
}

const environment = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' }

/** The first release with `-e`; older ones try the log that was compiled in. */
const firstWithLogOption = 1_019_005

/** An nginx with a copy of the host's configuration, in a folder that is removed afterwards. */
interface PrivateNginx {
  readonly binary: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly copy: PrivateCopy
  readonly folder: string
  readonly main: ConfigFile
}

/**
 * Links to what is in the folder of the configuration, and above it where the configuration names files
 * there: their relative paths lead to the same files.
 */
const linkNeighbours = async (
  main: ConfigFile,
  place: Workplace,
  { context: { files }, world: { disk } }: UpgradeServices,
): Promise<void> => {
  let copied = mirroredFolder(main)
  let [folder, own] = [dirname(main.path), main.path]
  while (copied !== 'tree') {
    await place.makeFolder(copied)
    for (const name of await files.list(folder)) {
      const path = `${folder === '/' ? '' : folder}/${name}`
      if (path !== own) await disk.symlink(path, `${place.folder}/${copied}/${name}`)
    }
    ;[own, folder, copied] = [folder, dirname(folder), dirname(copied)]
  }
}

/** What nginx says, with the names of the host's files instead of those of the copy. */
const saidOf = (text: string, { copy, folder, main }: PrivateNginx): string => {
  let said = text
  for (const [path, original] of copy.originals) said = said.replaceAll(path, original)
  const lines = said
    .replaceAll(`${folder}/${dirname(copy.main)}/`, `${dirname(main.path)}/`)
    .split('\n')
    .filter((line) => /\[(warn|error|crit|alert|emerg)\]/.test(line))
    // On standard error without, in the log with a date and a process id.
    .map((line) =>
      line.replace(/^nginx: |^[\d/]+ [\d:]+ (?=\[)/, '').replace(/(\] )\d+#\d+: /, '$1'),
    )
  return [...new Set(lines)].slice(0, 5).join('\n  ')
}

const withPrivate = async <Result>(
  binary: string,
  call: Call,
  placed: readonly Placed[],
  probe: Probe | null,
  services: UpgradeServices,
  work: (nginx: PrivateNginx, port: number) => Promise<Result>,
): Promise<Result | null> => {
  const { context, world } = services
  const { durable, loopback, userId } = world
  const { facts, places } = await readBinary(binary, services)
  const { prefix, file, overriding } = calledConfiguration(call, places)
  const main = await readFiles(file, services)
  if (main === null) return null
  const [port] = await loopback.freePorts()
  return context.workspace.within(async (place) => {
    const { folder } = place
    // The workers reach their temporary folders through it; files in it are for us alone.
    await durable.setMode(folder, 0o711)
    for (const name of ['sockets', 'temporary']) await place.makeFolder(name)
    await durable.setMode(`${folder}/sockets`, 0o700)
    await linkNeighbours(main, place, services)
    const copy = privateCopy({
      main,
      overriding,
      prefix,
      folder,
      usualPort: userId === 0 ? 80 : 8000,
      temporary: missingTemporary(
        directivesOf(main),
        printedArguments(facts.configureArguments ?? '') ?? [],
      ),
      moduleFile: (path) => placed.find(({ to }) => to === durable.real(path))?.from ?? path,
      probe,
      port,
    })
    for (const { path, text } of copy.files) await place.write(path, text)
    const log = facts.version >= firstWithLogOption ? ['-e', `${folder}/error.log`] : []
    const args = ['-p', prefix, '-c', `${folder}/${copy.main}`, ...log]
    return work({ binary, args, cwd: call.folder, copy, folder, main }, port)
  })
}

/**
 * Runs `nginx -t` with a copy of the host's configuration whose logs, sockets and temporary folders are
 * elsewhere: as root, `nginx -t` itself creates files, and changes the owner of folders that a running nginx
 * uses.
 * @param placed modules that are not in their place yet.
 * @returns what nginx says against the configuration; null: nothing.
 */
export const testConfiguration = async (
  binary: string,
  call: Call,
  placed: readonly Placed[],
  services: UpgradeServices,
): Promise<string | null> =>
  withPrivate(binary, call, placed, null, services, async (nginx) => {
    const { args, cwd } = nginx
    const options = { cwd, env: environment, isIsolated: true }
    const result = await services.context.exec.run(binary, [...args, '-t'], options)
    if (result === null) return `the program ${binary} does not exist`
    return result.exitCode === 0 ? null : saidOf(result.stderr, nginx) || result.stderr.trim()
  })

/** Modules that check their servers first may answer with 502 in the beginning. */
const patienceMs = 5_000
const pauseMs = 50

interface Asked {
  readonly answer: ProbeAnswer
  /** It ended by itself. */
  readonly isGone: boolean
}

const ask = async (
  probe: Probe,
  port: number,
  daemon: Daemon,
  { context, world: { clock, prober } }: UpgradeServices,
): Promise<Asked> => {
  const end = clock.ticks() + patienceMs
  for (;;) {
    const answer = await prober.ask({ ...probe, address: '127.0.0.1', port }, [])
    context.signal.throwIfAborted()
    const isGone = daemon.ended() !== null
    const isGood = answer.status !== null && isRight(probe, answer.status)
    if (isGood || isGone || clock.ticks() > end) return { answer, isGone }
    await clock.wait(pauseMs)
  }
}

/**
 * Starts the new nginx with the copied configuration on a private port, and asks it what the probe will
 * ask: a fault that shows there is seen before any client meets it.
 * @returns false where the probe reaches no listener of this configuration.
 * @throws BuildError when it does not start, or answers otherwise than the running nginx.
 */
export const probePrivately = async (
  binary: string,
  call: Call,
  placed: readonly Placed[],
  probe: Probe,
  services: UpgradeServices,
): Promise<boolean> => {
  const { disk, processes } = services.world
  const isDone = await withPrivate(binary, call, placed, probe, services, async (nginx, port) => {
    if (!nginx.copy.isProbed) return false
    const daemon = await processes.start(binary, nginx.args, { cwd: nginx.cwd, env: environment })
    const { answer, isGone } = await ask(probe, port, daemon, services).finally(() => daemon.stop())
    if (!isGone && answer.status !== null && isRight(probe, answer.status)) return true
    const log = await disk.readIfThere(`${nginx.folder}/error.log`)
    const said = saidOf(`${daemon.output()}${new TextDecoder().decode(log ?? undefined)}`, nginx)
    const what = isGone
      ? 'the new nginx exited'
      : `the new nginx ${answer.status === null ? 'does not answer' : `answers ${probeText(probe)} with ${answer.status}`}`
    throw new BuildError(
      `${what} when it was tried on a private port${said === '' ? '' : `:\n  ${said}`}`,
      {
        help: 'nothing was changed; see whether the new nginx has all modules that the running one has, or set another URL with --probe',
      },
    )
  })
  return isDone ?? false
}
