import { BuildError } from '../../../errors.ts'
import { valueDigest } from '../../core/digest.ts'
import type { Input } from '../../core/plan/plan.ts'
import type { StepTools } from '../engine.ts'
import { buildEnv, type Job } from '../job.ts'
import { contentDigest } from '../trees.ts'
import { upstreamOf } from './apt-sources.ts'
import type { Fetched } from './fetched.ts'
import { isKept, readKept } from './kept.ts'
import { withPrivateApt } from './private-apt.ts'

/** Where nginx-dev has `configure`, `auto/` and the headers. */
const inPackage = 'usr/share/nginx/src'

/** Versions of `apt-cache madison`, newest first: `nginx-dev | 1.26.3-3+deb13u11 | http://… Packages`. */
const versionsOf = (said: string): readonly string[] =>
  said.split('\n').flatMap((line) => line.split('|')[1]?.trim() ?? [])

/**
 * Downloads the package and unpacks it.
 * @returns its version; null when apt has none that fits.
 */
const download = (
  revision: string | null,
  release: string,
  into: string,
  job: Job,
  tools: StepTools,
): Promise<string | null> =>
  withPrivateApt(
    { name: valueDigest(['nginx-dev', revision, release]), suite: null, types: 'deb' },
    job,
    tools,
    async ({ ask, folder }) => {
      const { disk, processes } = job.world
      const versions = versionsOf((await ask('apt-cache', ['madison', 'nginx-dev'])) ?? '').filter(
        (version) => (revision === null ? upstreamOf(version) === release : version === revision),
      )
      for (const version of new Set(versions)) {
        tools.progress(`nginx-dev ${version}`, 0, null)
        if ((await ask('apt-get', ['download', `nginx-dev=${version}`])) === null) continue
        const file = (await disk.list(folder)).find(({ path }) => path.endsWith('.deb'))
        if (file === undefined) continue
        const unpacked = `${folder}/unpacked`
        const ended = await processes.run(
          'dpkg-deb',
          ['--extract', `${folder}/${file.path}`, unpacked],
          { cwd: folder, env: buildEnv(job), onLine: tools.say },
        )
        if (ended?.exitCode !== 0 || (await disk.kind(`${unpacked}/${inPackage}`)) !== 'folder')
          throw new BuildError(`nginx-dev ${version} could not be unpacked`, {
            help: 'see the log of the step; --source apt uses the source package instead',
          })
        await disk.remove(into)
        await disk.copy(`${unpacked}/${inPackage}`, `${into}/files`)
        const digest = await contentDigest(`${into}/files`, disk)
        await disk.write(`${into}/checkout`, `${version} ${digest}`)
        return version
      }
      return null
    },
  )

/**
 * Debian's package nginx-dev: what Debian itself builds modules for its nginx with. apt checks its
 * hash against the signed lists of the archive.
 * @param revision of the installed nginx; null takes the newest of the release.
 * @returns null when apt has no nginx-dev for this nginx.
 */
export const fetchNginxDev = async (
  input: Input,
  revision: string | null,
  release: string,
  job: Job,
  tools: StepTools,
): Promise<Fetched | null> => {
  const { disk } = job.world
  const folder = job.cache.checkout(valueDigest(['nginx-dev', revision ?? release]))
  const isKnown = !job.request.isUpdate && (await isKept(folder, disk))
  if (!isKnown && job.request.isOffline) return null
  const version = isKnown
    ? ((await readKept(folder, 'nginx-dev', job))[0] ?? null)
    : await download(revision, release, folder, job, tools)
  if (version === null) return null
  return {
    input,
    from: `apt:nginx-dev=${version}`,
    content: { kind: 'folder', path: `${folder}/files`, files: null },
    signature: null,
    expected: null,
    checkout: null,
    debian: { name: 'nginx-dev', version, changes: null },
    isNew: !isKnown,
  }
}
