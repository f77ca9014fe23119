import { BuildError, ToolError } from '../../../errors.ts'
import type { StepTools } from '../engine.ts'
import { buildEnv, type Job } from '../job.ts'
import {
  confText,
  otherSuite,
  sourcesText,
  sourceTargets,
  suiteFormat,
  targetFormat,
  targetsIn,
} from './apt-sources.ts'

/** Runs apt in the folder where it downloads. @returns what it printed; null when it failed. */
type Ask = (tool: 'apt-get' | 'apt-cache', args: readonly string[]) => Promise<string | null>

interface PrivateApt {
  readonly ask: Ask
  /** Where `apt-get download` and `apt-get source` put their files. */
  readonly folder: string
  /** Whether the package lists could be read. */
  readonly isUpdated: boolean
}

interface Wanted {
  /** Names the folder of this apt. */
  readonly name: string
  /** Null: the suites of this machine. */
  readonly suite: string | null
  readonly types: 'deb' | 'deb-src'
}

/** @throws ToolError when the machine has no apt. */
const asker = (cwd: string, options: readonly string[], job: Job, { say }: StepTools): Ask => {
  const env = { ...buildEnv(job), ...job.world.proxies, DEBIAN_FRONTEND: 'noninteractive' }
  return async (tool, args) => {
    const lines: string[] = []
    const ended = await job.world.processes.run(tool, [...options, ...args], {
      cwd,
      env,
      onLine: (line) => {
        lines.push(line)
        say(line)
      },
    })
    if (ended === null) {
      throw new ToolError(`${tool} is not installed on this host`, {
        help: 'use --source apt on Debian and Ubuntu only; without --source, nginx.org is used',
      })
    }
    return ended.exitCode === 0 ? lines.join('\n') : null
  }
}

/** The archives of the distribution, as the machine's own apt knows them. */
const archivesText = async (ask: Ask, { suite, types }: Wanted): Promise<string> => {
  const args = ['indextargets', '--format', targetFormat, 'Created-By: Packages']
  const chosen = sourceTargets(targetsIn((await ask('apt-get', args)) ?? ''), suite)
  if (chosen.length > 0) return sourcesText(chosen, types)
  throw new ToolError('apt on this host has no archive of Debian or Ubuntu', {
    help: 'remove --source to download from nginx.org',
  })
}

/**
 * Calls `work` with an apt that has a configuration, lists and a cache of its own, and removes them
 * afterwards: the machine's packages and lists are not changed.
 */
export const withPrivateApt = async <Result>(
  wanted: Wanted,
  job: Job,
  tools: StepTools,
  work: (apt: PrivateApt) => Promise<Result>,
): Promise<Result> => {
  const { disk } = job.world
  const root = job.cache.incoming(`apt-${wanted.name.slice(0, 16)}`)
  const folder = `${root}/files`
  await disk.remove(root)
  await disk.makeFolder(folder)
  try {
    const archives = await archivesText(asker(folder, [], job, tools), wanted)
    await disk.write(`${root}/sources.d/sessctl.sources`, archives)
    await disk.write(`${root}/apt.conf`, confText(root))
    await disk.write(`${root}/state/status`, '')
    for (const path of ['state/lists/partial', 'cache/archives/partial', 'log'])
      await disk.makeFolder(`${root}/${path}`)
    const ask = asker(folder, ['-c', `${root}/apt.conf`, '-q'], job, tools)
    tools.progress('package lists', 0, null)
    const isUpdated = (await ask('apt-get', ['update'])) !== null
    const other = otherSuite(
      (await ask('apt-get', ['indextargets', '--format', suiteFormat])) ?? '',
    )
    if (other !== null)
      throw new BuildError(other, {
        help: 'correct the mirror in the sources of apt and run again',
      })
    return await work({ ask, folder, isUpdated })
  } finally {
    await disk.remove(root)
  }
}
