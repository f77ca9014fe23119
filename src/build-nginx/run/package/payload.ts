import { placesOf } from '../../core/install/places.ts'
import { below, type PackageEntry, withFolders } from '../../core/package/entries.ts'
import { debianModuleNames, debianNginx, type Form, packageName } from '../../core/package/form.ts'
import { isBelow, layoutOf } from '../../core/package/layout.ts'
import { type Manifest, manifestFiles } from '../../core/package/manifest.ts'
import { type DebianModule, snippets } from '../../core/package/scripts/debian.ts'
import { serviceEntries } from '../../core/package/service/files.ts'
import { type Service, serviceOf } from '../../core/package/service/service.ts'
import type { Job } from '../job.ts'
import { abiOf } from './abi.ts'
import type { Ready } from './facts.ts'

/** What a .deb or an .rpm installs, apart from its documents. */
export interface Payload {
  readonly form: Form
  readonly name: string
  /** Of exactly these files. */
  readonly manifest: Manifest
  readonly entries: readonly PackageEntry[]
  /** Of a package for Debian's nginx. */
  readonly modules: readonly DebianModule[]
  /** `nginx-abi-…`, if the modules of Debian's packages fit this nginx. */
  readonly abi: string | null
  /** Null without a service of its own. */
  readonly service: Service | null
}

const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** The modules that nginx itself has, for which Debian has packages of the same source. */
const stock =
  /^ngx_(mail|stream|stream_geoip|http_(geoip|image_filter|perl|xslt_filter))_module\.so$/

const debianModules = (files: readonly string[]): readonly DebianModule[] => {
  const names = debianModuleNames(files)
  return files.map((file, index) => ({
    file,
    name: names[index] ?? file,
    isStock: stock.test(file),
  }))
}

/** The binary, the modules that are kept, and Perl's part of them: all else is of nginx-common. */
const isOfDropIn = (
  path: string,
  folder: string,
  nginx: string,
  modules: readonly DebianModule[],
): boolean => {
  if (path === nginx) return true
  if (isBelow(path, folder)) return modules.some(({ file }) => path === `${folder}/${file}`)
  return /\/perl5?\//.test(path) && modules.some(({ name }) => name === 'http-perl')
}

const dropInFiles = (
  all: readonly PackageEntry[],
  folder: string,
  sbin: string,
  modules: readonly DebianModule[],
): readonly PackageEntry[] =>
  all
    .filter(
      ({ path, content }) => content !== null && isOfDropIn(`/${path}`, folder, sbin, modules),
    )
    .map((entry) => (`/${entry.path}` === sbin ? { ...entry, path: debianNginx.slice(1) } : entry))

const serviceFiles = (all: readonly PackageEntry[], service: Service): readonly PackageEntry[] => {
  // The package has the folders, not what make installs in them; tmpfiles makes those below /run.
  const isMade = (path: string): boolean =>
    service.ownFolders.some((folder) => isBelow(`/${path}`, folder))
  return [
    ...all.filter(({ path, content }) => content !== null && !isMade(path)),
    ...service.ownFolders
      .filter((folder) => !/^(\/var)?\/run\//.test(folder))
      .map((folder) => ({ path: folder.slice(1), mode: 0o755, content: null })),
    ...serviceEntries(service),
  ]
}

/** @param entries from the root of the manifest on. */
export const payloadOf = async (
  form: Form,
  manifest: Manifest,
  entries: readonly PackageEntry[],
  ready: Ready,
  job: Job,
): Promise<Payload> => {
  const { plan } = ready.planned
  const folder = layoutOf(plan.flags)?.modules ?? '/'
  const files = ready.built.modules.map(fileName)
  const isDebian = form === 'drop-in' || form === 'debian-modules'
  const abi = form === 'drop-in' ? await abiOf(ready, job) : null
  const modules = isDebian
    ? debianModules(files).filter(({ isStock }) => abi === null || !isStock)
    : []
  const service = form === 'service' ? serviceOf(plan.flags, plan.release) : null
  const absolute = below(manifest.root, entries)
  const { sbin } = placesOf(plan.flags)
  const own =
    service !== null
      ? serviceFiles(absolute, service)
      : form === 'drop-in'
        ? dropInFiles(absolute, folder, sbin, modules)
        : absolute
  const all = withFolders([...own, ...snippets(modules, folder)])
  return {
    form,
    name: packageName(form, plan.moduleNames, files),
    manifest: { ...manifest, root: '/', files: manifestFiles(all) },
    entries: all,
    modules,
    abi,
    service,
  }
}

/** All that a package is written from. */
export interface PackageFacts {
  readonly payload: Payload
  /** Its manifest and its SBOM. */
  readonly about: readonly PackageEntry[]
  readonly ready: Ready
  /** The time of all files. */
  readonly seconds: number
}

export const summaryOf = ({ planned: { plan } }: Ready): string => {
  const modules = plan.moduleNames.join(', ')
  return plan.target === 'nginx'
    ? `nginx ${plan.release} with ${modules || 'no other module'}`
    : `${modules} for nginx ${plan.release}`
}

export const detailsOf = ({ name }: Payload): readonly string[] => [
  'Built by sessctl from verified sources and tested before it was packaged.',
  `Sources and contents: /usr/share/doc/${name}/manifest.json`,
]
