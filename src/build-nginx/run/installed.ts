import type { InstalledPackage } from '../core/plan/plan.ts'
import { buildEnv, type Job } from './job.ts'

/** What a program of the package manager prints; null when it is missing, or fails. */
const asked = async (
  program: string,
  args: readonly string[],
  job: Job,
): Promise<string | null> => {
  const options = { env: buildEnv(job), isIsolated: true }
  const result = await job.context.exec.run(program, args, options)
  return result?.exitCode === 0 ? result.stdout : null
}

/** A package may list a file by its path before /bin and /sbin became links to /usr. */
const namesOf = (file: string, { world: { durable } }: Job): readonly string[] => {
  const names = [file, durable.real(file)]
  const inUsr = names.flatMap((name) =>
    name.startsWith('/usr/') ? [name.slice('/usr'.length)] : [`/usr${name}`],
  )
  return [...new Set([...names, ...inUsr])]
}

const byDpkg = async (name: string, job: Job): Promise<InstalledPackage | null> => {
  const owners = (await asked('dpkg-query', ['--search', name], job)) ?? ''
  const owner = /^([a-z0-9][a-z0-9+.-]*)(?::[a-z0-9-]+)?(?:, [^:]*)?: /m.exec(owners)?.[1]
  if (owner === undefined) return null
  const format = ['source:Package', 'source:Version', 'Maintainer']
    .map((field) => `\${${field}}`)
    .join('\\n')
  const shown = await asked('dpkg-query', ['--show', `--showformat=${format}`, owner], job)
  const [source = '', version = '', maintainer = ''] = (shown ?? '').split('\n')
  const isDebian = /@\S*(debian|ubuntu)\./.test(maintainer)
  return version === '' ? null : { manager: 'dpkg', source, version, isDebian, develFolder: null }
}

const byRpm = async (name: string, job: Job): Promise<InstalledPackage | null> => {
  const format = '%{NAME}\\n%{VERSION}-%{RELEASE}\\n%{SOURCERPM}\\n'
  const shown = await asked('rpm', ['-q', '--file', name, '--queryformat', format], job)
  const [, version = '', sourceRpm = ''] = (shown ?? '').split('\n')
  if (version === '') return null
  const source = sourceRpm.replace(/-[^-]+-[^-]+\.src\.rpm$/, '')
  const folder = `/usr/src/${source}-${version}`
  const isThere = (await job.world.disk.kind(folder)) === 'folder'
  return {
    manager: 'rpm',
    source,
    version,
    isDebian: false,
    develFolder: isThere ? folder : null,
  }
}

/** The package that a file belongs to, as dpkg or rpm knows it. */
export const installedPackage = async (
  file: string,
  job: Job,
): Promise<InstalledPackage | null> => {
  for (const query of [byDpkg, byRpm])
    for (const name of namesOf(file, job)) {
      const found = await query(name, job)
      if (found !== null) return found
    }
  return null
}
