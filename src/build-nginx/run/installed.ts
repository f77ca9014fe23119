import type { Context } from '../../context.ts'
import { dpkgSearch, type FileOwner } from '../core/install/owner.ts'
import type { InstalledPackage } from '../core/plan/existing-nginx.ts'
import type { BuildWorld } from '../ports/build.ts'

interface Services {
  readonly context: Context
  readonly world: BuildWorld
}

/** What a program of the package manager prints; null when it is missing, or fails. */
const asked = async (
  program: string,
  args: readonly string[],
  { context, world }: Services,
): Promise<string | null> => {
  const env = { PATH: world.path, HOME: world.home, LC_ALL: 'C' }
  const result = await context.exec.run(program, args, { env, isIsolated: true })
  return result?.exitCode === 0 ? result.stdout : null
}

/** A package may list a file by its path before /bin and /sbin became links to /usr. */
const namesOf = (file: string, { world: { durable } }: Services): readonly string[] => {
  const names = [file, durable.real(file)]
  const inUsr = names.flatMap((name) =>
    name.startsWith('/usr/') ? [name.slice('/usr'.length)] : [`/usr${name}`],
  )
  return [...new Set([...names, ...inUsr])]
}

/** As the format of dpkg-query has it. */
const field = (name: string): string => `\${${name}}`

const dpkgOwner = async (listed: string, services: Services): Promise<FileOwner | null> => {
  const found = dpkgSearch((await asked('dpkg-query', ['--search', listed], services)) ?? '')
  if (found === null) return null
  const args = ['--show', `--showformat=${field('db:Status-Want')}`, found.package]
  const isHeld = (await asked('dpkg-query', args, services)) === 'hold'
  return {
    manager: 'dpkg',
    package: found.package,
    listed,
    isKept: found.isDiverted || isHeld,
  }
}

const rpmOwner = async (listed: string, services: Services): Promise<FileOwner | null> => {
  const args = ['-q', '--file', listed, '--queryformat', '%{NAME}']
  const name = await asked('rpm', args, services)
  return name === null || name === ''
    ? null
    : { manager: 'rpm', package: name, listed, isKept: false }
}

/** The package that a file belongs to, as dpkg or rpm knows it. */
export const ownerOf = async (file: string, services: Services): Promise<FileOwner | null> => {
  for (const query of [dpkgOwner, rpmOwner])
    for (const name of namesOf(file, services)) {
      const found = await query(name, services)
      if (found !== null) return found
    }
  return null
}

const byDpkg = async (owner: string, services: Services): Promise<InstalledPackage | null> => {
  const format = ['source:Package', 'source:Version', 'Maintainer'].map(field).join('\\n')
  const shown = await asked('dpkg-query', ['--show', `--showformat=${format}`, owner], services)
  const [source = '', version = '', maintainer = ''] = (shown ?? '').split('\n')
  const isDebian = /@\S*(debian|ubuntu)\./.test(maintainer)
  return version === '' ? null : { manager: 'dpkg', source, version, isDebian, develFolder: null }
}

const byRpm = async (file: string, services: Services): Promise<InstalledPackage | null> => {
  const format = '%{NAME}\\n%{VERSION}-%{RELEASE}\\n%{SOURCERPM}\\n'
  const shown = await asked('rpm', ['-q', '--file', file, '--queryformat', format], services)
  const [, version = '', sourceRpm = ''] = (shown ?? '').split('\n')
  if (version === '') return null
  const source = sourceRpm.replace(/-[^-]+-[^-]+\.src\.rpm$/, '')
  const folder = `/usr/src/${source}-${version}`
  const isThere = (await services.world.disk.kind(folder)) === 'folder'
  return {
    manager: 'rpm',
    source,
    version,
    isDebian: false,
    develFolder: isThere ? folder : null,
  }
}

/** The version of the package that a file belongs to, and its source. */
export const installedPackage = async (
  file: string,
  services: Services,
): Promise<InstalledPackage | null> => {
  const owner = await ownerOf(file, services)
  if (owner === null) return null
  return owner.manager === 'dpkg' ? byDpkg(owner.package, services) : byRpm(owner.listed, services)
}
