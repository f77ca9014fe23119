import { BuildError } from '../../../errors.ts'
import { sha256Hex, valueDigest } from '../../core/digest.ts'
import { warning } from '../../core/plan/advice.ts'
import type { Input } from '../../core/plan/plan.ts'
import { type Source, sourceText } from '../../core/sources/source.ts'
import type { StepTools } from '../engine.ts'
import type { Job } from '../job.ts'
import { type SourceVersion, upstreamOf, versionsIn } from './apt-sources.ts'
import type { Fetched } from './fetched.ts'
import { knownOrigin, rememberOrigin } from './origin.ts'
import { withPrivateApt } from './private-apt.ts'

type AptSource = Extract<Source, { kind: 'apt' }>

/** Which version of a source package is wanted; the newest where both are null. */
export interface WantedVersion {
  /** The release of the project. */
  readonly upstream: string | null
  /** Exactly this version of the package. */
  readonly revision: string | null
}

/** Newest first; mirrors may lack the newest for a while. */
const candidates = (
  said: string,
  { upstream, revision }: WantedVersion,
): readonly SourceVersion[] => {
  const wanted = versionsIn(said).filter(({ version }) =>
    revision === null
      ? upstream === null || upstreamOf(version) === upstream
      : version === revision,
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
      throw new BuildError(`${name} does not match its sha256 in Debian's archive`, {
        help: 'run again: apt-get may have been interrupted',
      })
    await disk.write(job.cache.blob(sha256), bytes)
    stored.set(name, sha256)
  }
  const names = [...stored.keys()]
  const original = names.find(isOriginal)
  if (original === undefined)
    throw new BuildError(
      `the source package ${source.package} ${version.version} has no upstream tarball`,
      { help: 'set another --source' },
    )
  const signature = await disk.readIfThere(`${folder}/${original}.asc`)
  const changes = names.find(isChanges)
  return {
    sha256: stored.get(original) ?? '',
    signature: signature === null ? null : new TextDecoder().decode(signature),
    changes: changes === undefined ? null : (stored.get(changes) ?? null),
  }
}

const notThere = (
  source: AptSource,
  { upstream, revision }: WantedVersion,
  said: string,
  isUpdated: boolean,
): BuildError => {
  const has = versionsIn(said)
    .map(({ version }) => version)
    .join(', ')
  const wanted = revision ?? upstream
  const message = `Debian has no source package ${source.package}${wanted === null ? '' : ` ${wanted}`}${has === '' ? '' : ` (available: ${has})`}`
  if (!isUpdated)
    return new BuildError(message, {
      help: 'check that the mirror is reachable: the package lists could not be read',
    })
  if (revision !== null)
    return new BuildError(message, {
      help: `upgrade the package ${source.package} first, or set the sources of this revision with --source: modules of another revision may crash nginx`,
    })
  return new BuildError(message, {
    help: `name a suite: ${source.package === 'nginx' ? '--source apt:nginx/bookworm' : `apt:${source.package}/bookworm`}`,
  })
}

const bring = (source: AptSource, wanted: WantedVersion, job: Job, tools: StepTools) =>
  withPrivateApt(
    { name: valueDigest([source, wanted]), suite: source.suite, types: 'deb-src' },
    job,
    tools,
    async ({ ask, folder, isUpdated }) => {
      const said = (await ask('apt-cache', ['showsrc', '--only-source', source.package])) ?? ''
      const found = candidates(said, wanted)
      for (const [index, version] of found.entries()) {
        tools.progress(`${source.package} ${version.version}`, 0, null)
        const args = [
          'source',
          '--download-only',
          '--only-source',
          `${source.package}=${version.version}`,
        ]
        if ((await ask('apt-get', args)) === null) continue
        if (index > 0)
          tools.advise(
            warning(
              `${source.package} ${version.version} is used: ${found[0]?.version} could not be downloaded`,
              'run again later, or use another mirror: the newer revision has fixes that this one lacks',
            ),
          )
        return { version: version.version, ...(await keep(version, source, folder, job)) }
      }
      if (found.length === 0) throw notThere(source, wanted, said, isUpdated)
      throw new BuildError(`apt could not download ${source.package} ${found[0]?.version}`, {
        help: isUpdated
          ? 'use another mirror or another --source: this mirror lists the package but does not have it'
          : 'check that the mirror is reachable: the package lists could not be read',
      })
    },
  )

/**
 * A Debian source package, by an apt of its own: what is there is signed by the archive's key, from
 * Release over Sources to the sha256 of each file.
 */
export const fetchApt = async (
  input: Input,
  source: AptSource,
  wanted: WantedVersion,
  job: Job,
  tools: StepTools,
): Promise<Fetched> => {
  const name = `${sourceText(source)} ${wanted.revision ?? wanted.upstream ?? ''}`
  const known = job.request.isUpdate ? null : await knownOrigin(job, name)
  if (known === null && job.request.isOffline) {
    throw new BuildError(
      `${sourceText(source)} is not in the cache, and --offline prevents downloads`,
      {
        help: 'build once without --offline',
      },
    )
  }
  const fetched = known === null ? await bring(source, wanted, job, tools) : null
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
