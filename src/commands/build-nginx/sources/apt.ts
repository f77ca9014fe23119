import { sha256Hex, valueDigest } from '../../../core/build/digest.ts'
import type { Input } from '../../../core/build/plan/plan.ts'
import { sourceText } from '../../../core/build/sources/source.ts'
import { BuildError, ToolError } from '../../../errors.ts'
import type { StepTools } from '../engine.ts'
import { buildEnv, type Job } from '../job.ts'
import {
  confText,
  type SourceVersion,
  sourcesText,
  sourceTargets,
  targetFormat,
  targetsIn,
  upstreamOf,
  versionsIn,
} from './apt-sources.ts'
import type { Fetched } from './fetched.ts'
import { knownOrigin, rememberOrigin } from './origin.ts'

type AptSource = { readonly kind: 'apt'; readonly package: string; readonly suite: string | null }

type Ask = (
  tool: 'apt-get' | 'apt-cache',
  args: readonly string[],
  folder?: string,
) => Promise<string | null>

/** Runs apt with a configuration of its own; null when it fails. */
const asker = (job: Job, folder: string, { say }: StepTools): Ask => {
  const env = { ...buildEnv(job), DEBIAN_FRONTEND: 'noninteractive' }
  return async (tool, args, cwd = folder) => {
    const lines: string[] = []
    const ended = await job.world.processes.run(tool, args, {
      cwd,
      env,
      onLine: (line) => {
        lines.push(line)
        say(line)
      },
    })
    if (ended === null) {
      throw new ToolError(`there is no ${tool} on this host`, {
        help: 'Debian source packages need a Debian or Ubuntu; leave --source out to download from nginx.org',
      })
    }
    return ended.exitCode === 0 ? lines.join('\n') : null
  }
}

const setUp = async (job: Job, suite: string | null, ask: Ask, folder: string): Promise<void> => {
  const { disk } = job.world
  const targets = targetsIn(
    (await ask('apt-get', ['indextargets', '--format', targetFormat, 'Created-By: Packages'])) ??
      '',
  )
  const chosen = sourceTargets(targets, suite)
  if (chosen.length === 0) {
    throw new ToolError("this machine's apt knows no archive of Debian or Ubuntu", {
      help: 'leave --source out to download from nginx.org',
    })
  }
  await disk.write(`${folder}/sources.d/sessctl.sources`, sourcesText(chosen))
  await disk.write(`${folder}/apt.conf`, confText(folder))
  await disk.write(`${folder}/state/status`, '')
  for (const path of ['state/lists/partial', 'cache/archives/partial', 'log'])
    await disk.makeFolder(`${folder}/${path}`)
}

/** Newest first; mirrors may lack the newest for a while. */
const candidates = (said: string, upstream: string | null): readonly SourceVersion[] => {
  const wanted = versionsIn(said).filter(
    ({ version }) => upstream === null || upstreamOf(version) === upstream,
  )
  return [...new Map(wanted.map((one) => [one.version, one])).values()].reverse()
}

const isOriginal = (name: string): boolean => /\.orig\.tar\.\w+$/.test(name)
const isChanges = (name: string): boolean => /\.(debian\.tar\.\w+|diff\.gz)$/.test(name)

const keep = async (
  version: SourceVersion,
  source: AptSource,
  folder: string,
  job: Job,
): Promise<{
  readonly sha256: string
  readonly signature: string | null
  readonly changes: string | null
}> => {
  const { disk } = job.world
  const stored = new Map<string, string>()
  for (const { name, sha256 } of version.files) {
    const bytes = await disk.readIfThere(`${folder}/${name}`)
    if (bytes === null) continue
    if (sha256Hex(bytes) !== sha256)
      throw new BuildError(`${name} is not what Debian's archive says: another sha256`, {
        help: 'try again: apt-get may have been interrupted',
      })
    await disk.write(job.cache.blob(sha256), bytes)
    stored.set(name, sha256)
  }
  const names = [...stored.keys()]
  const original = names.find(isOriginal)
  if (original === undefined)
    throw new BuildError(
      `the source package ${source.package} ${version.version} has no upstream tarball`,
      { help: 'name another --source' },
    )
  const signature = await disk.readIfThere(`${folder}/${original}.asc`)
  const changes = names.find(isChanges)
  return {
    sha256: stored.get(original) ?? '',
    signature: signature === null ? null : new TextDecoder().decode(signature),
    changes: changes === undefined ? null : (stored.get(changes) ?? null),
  }
}

const bring = async (source: AptSource, upstream: string | null, job: Job, tools: StepTools) => {
  const { disk } = job.world
  const folder = job.cache.incoming(`apt-${valueDigest([source, upstream]).slice(0, 16)}`)
  await disk.remove(folder)
  await disk.makeFolder(folder)
  try {
    const ask = asker(job, folder, tools)
    await setUp(job, source.suite, ask, folder)
    const conf = ['-c', `${folder}/apt.conf`, '-q']
    tools.progress('package lists', 0, null)
    const isUpdated = await ask('apt-get', [...conf, 'update'])
    const said =
      (await ask('apt-cache', [...conf, 'showsrc', '--only-source', source.package])) ?? ''
    const found = candidates(said, upstream)
    const into = `${folder}/files`
    await disk.makeFolder(into)
    for (const version of found) {
      tools.progress(`${source.package} ${version.version}`, 0, null)
      const args = [
        'source',
        '--download-only',
        '--only-source',
        `${source.package}=${version.version}`,
      ]
      if ((await ask('apt-get', [...conf, ...args], into)) === null) continue
      return { version: version.version, ...(await keep(version, source, into, job)) }
    }
    const has = versionsIn(said)
      .map(({ version }) => version)
      .join(', ')
    throw new BuildError(
      found.length > 0
        ? `apt could not download ${source.package} ${found[0]?.version}`
        : `Debian has no source package ${source.package}${upstream === null ? '' : ` of ${upstream}`} there${has === '' ? '' : `, but ${has}`}`,
      {
        help:
          isUpdated === null
            ? 'the package lists could not be read: is the mirror within reach?'
            : `name a suite: ${source.package === 'nginx' ? '--source apt:nginx/bookworm' : `apt:${source.package}/bookworm`}`,
      },
    )
  } finally {
    await disk.remove(folder)
  }
}

/**
 * A Debian source package, by an apt of its own: what is there is signed by the archive's key, from
 * Release over Sources to the sha256 of each file.
 * @param upstream the release that is wanted; null takes the newest.
 */
export const fetchApt = async (
  input: Input,
  source: AptSource,
  upstream: string | null,
  job: Job,
  tools: StepTools,
): Promise<Fetched> => {
  const name = `${sourceText(source)} ${upstream ?? ''}`
  const known = job.request.isUpdate ? null : await knownOrigin(job, name)
  if (known === null && job.request.isOffline) {
    throw new BuildError(
      `${sourceText(source)} is not in the cache, and --offline keeps the network out`,
      {
        help: 'build once without --offline',
      },
    )
  }
  const fetched = known === null ? await bring(source, upstream, job, tools) : null
  const origin =
    fetched === null
      ? known
      : {
          sha256: fetched.sha256,
          signature: fetched.signature,
          debian: { name: source.package, version: fetched.version, changes: fetched.changes },
        }
  if (origin === null || origin.debian === null) throw new BuildError(`${name} is not in the cache`)
  if (fetched !== null) await rememberOrigin(job, name, origin)
  const { sha256, signature, debian } = origin
  const changes = debian.changes === null ? null : job.cache.blob(debian.changes)
  return {
    input,
    from: `apt:${source.package}=${debian.version}`,
    content: { kind: 'archive', path: job.cache.blob(sha256), sha256 },
    signature,
    expected: null,
    checkout: null,
    debian: { ...debian, changes },
    isNew: fetched !== null,
  }
}
