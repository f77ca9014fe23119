import { resolve } from 'node:path'
import type { BuildWorld } from '../../build-nginx/index.ts'
import type { Context } from '../../context.ts'
import type { Cluster } from '../../core/model/cluster.ts'
import { type JarNeed, jarsNeeded, repositoryPath } from '../../core/needs/index.ts'
import { sha256Of } from '../../core/output/manifest.ts'
import { holdsLogin } from '../../core/secrets/login.ts'
import { BuildError, UsageError } from '../../errors.ts'
import { visible } from '../../report/visible.ts'
import type { ArgsOf } from '../define.ts'
import type { generateOptions } from '../generate.ts'

type Args = ArgsOf<typeof generateOptions>

/** One jar, with what was done. */
export interface Fetched {
  readonly name: string
  readonly file: string
  readonly status: 'fetched' | 'kept' | 'wanted'
}

const isAddress = (place: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//i.test(place)

const refuse = (need: JarNeed, what: string, help: string, cause?: unknown): BuildError =>
  new BuildError(`${need.coordinates}: ${what}`, { help, cause })

const placeOf = ({ mavenRepository }: Args, { env }: Context): string | null => {
  const place = mavenRepository ?? env['SESSCTL_MAVEN_REPOSITORY'] ?? ''
  if (holdsLogin(place))
    throw new UsageError('the URL of the Maven repository contains a user or a password', {
      help: 'use a repository that needs no login, or a folder',
    })
  if (isAddress(place) && !place.startsWith('https://'))
    throw new UsageError(`the Maven repository ${place} does not use https`, {
      help: 'use an https URL or a folder',
    })
  return place === '' ? null : place
}

/** From a folder with the layout of a repository, or with all files in one place. */
const fromFolder = async (
  need: JarNeed,
  folder: string,
  { disk }: BuildWorld,
): Promise<Uint8Array> => {
  const bytes =
    (await disk.readIfThere(`${folder}/${repositoryPath(need)}`)) ??
    (await disk.readIfThere(`${folder}/${need.file}`))
  if (bytes !== null) return bytes
  throw refuse(need, `not found in ${folder}`, 'set another place with --maven-repository')
}

const fromWeb = async (need: JarNeed, place: string, { web }: BuildWorld): Promise<Uint8Array> => {
  const help = 'try again later, or set a mirror or a folder with --maven-repository'
  const url = `${place.replace(/\/+$/, '')}/${repositoryPath(need)}`
  const found = await web
    .download(url, () => undefined)
    .catch((error: unknown) => {
      // The remedies of a failed download are about building nginx.
      throw error instanceof BuildError ? refuse(need, error.message, help, error) : error
    })
  if (found === null) throw refuse(need, `${url} does not exist`, help)
  return found.bytes
}

/**
 * Downloads the jars that the Tomcats of a cluster need to a folder. Existing files are verified again;
 * a file is written only when its checksum is right.
 * @throws BuildError for a jar that cannot be downloaded or has the wrong checksum.
 */
export const fetchLibs = async (
  cluster: Cluster,
  args: Args,
  context: Context,
): Promise<readonly Fetched[]> => {
  const { fetchLibs: folder, offline } = args
  const place = placeOf(args, context)
  const world = await context.build()
  const results: Fetched[] = []
  for (const need of jarsNeeded(cluster)) {
    const { coordinates: name, file, sha256 } = need
    const path = resolve(context.cwd, folder ?? '', file)
    if (sha256 === null)
      throw refuse(
        need,
        'sessctl has no checksum of it',
        'leave --fetch-libs out, and compare the file with the checksum that its project publishes',
      )
    const there = await world.disk.readIfThere(path)
    if (there !== null && sha256Of(there) === sha256) {
      results.push({ name, file, status: 'kept' })
      continue
    }
    if (args.check || args.dryRun) {
      results.push({ name, file, status: 'wanted' })
      continue
    }
    if (offline)
      throw refuse(
        need,
        there === null ? `${file} is missing` : `the sha256 of ${file} is wrong`,
        'run once without --offline, where the repository can be reached',
      )
    if (place === null)
      throw new UsageError(`${file} must be downloaded, but no Maven repository is set`, {
        help: 'set one with --maven-repository: the URL of Maven Central or of a mirror, or a folder',
      })
    const bytes = isAddress(place)
      ? await fromWeb(need, place, world)
      : await fromFolder(need, resolve(context.cwd, place), world)
    if (sha256Of(bytes) !== sha256)
      throw refuse(
        need,
        `the file from ${place} has the wrong sha256`,
        'the file was discarded; set another place with --maven-repository',
      )
    await world.disk.write(path, bytes)
    results.push({ name, file, status: 'fetched' })
  }
  return results
}

const marks = { fetched: '+', kept: '=', wanted: '?' } as const

/** A line for each jar. */
export const formatLibs = (libs: readonly Fetched[], folder: string): string =>
  libs.length === 0
    ? 'no session store needs a jar\n'
    : libs
        .map(({ file, status }) => `  ${marks[status]} ${visible(`${folder}/${file}`)}\n`)
        .join('')
