import { BuildError } from '../../../errors.ts'
import { readElf } from '../../core/abi/elf.ts'
import { sha256Hex } from '../../core/digest.ts'
import { writeAr } from '../../core/package/ar.ts'
import {
  architectureOf,
  conffilesText,
  controlText,
  md5sumsText,
  packageName,
} from '../../core/package/deb.ts'
import type { Destination } from '../../core/package/destination.ts'
import {
  below,
  firstRelease,
  type PackageEntry,
  releaseDate,
  withFolders,
} from '../../core/package/entries.ts'
import { layoutOf } from '../../core/package/layout.ts'
import {
  loadModuleName,
  type Manifest,
  manifestName,
  manifestText,
  sbomName,
} from '../../core/package/manifest.ts'
import { sbomText } from '../../core/package/sbom.ts'
import type { StepTools, StepWork } from '../engine.ts'
import type { Job } from '../job.ts'
import { dependsOf } from '../package/depends.ts'
import { entriesOf, manifestOf, type Ready } from '../package/facts.ts'
import { checkDestination } from '../package/owned.ts'

export interface PackageRecord {
  readonly path: string
  readonly kind: Destination['kind']
  /** Of the file; of a folder's manifest.json. */
  readonly sha256: string
}

/** A package as files, whatever becomes of them. */
interface Contents {
  readonly name: string
  readonly manifest: Manifest
  /** From the root of the manifest on. */
  readonly entries: readonly PackageEntry[]
  readonly about: readonly PackageEntry[]
  readonly seconds: number
}

const textEntry = (path: string, text: string): PackageEntry => ({
  path,
  mode: 0o644,
  content: Buffer.from(text),
})

/** SOURCE_DATE_EPOCH, as everybody understands it; else when the release came out. */
const dateOf = async ({ patched, planned }: Ready, job: Job): Promise<number> => {
  const given = job.context.env['SOURCE_DATE_EPOCH'] ?? ''
  if (/^\d{1,10}$/.test(given)) return Number(given)
  for (const name of ['CHANGES', 'docs/xml/nginx/changes.xml']) {
    const bytes = await job.world.disk.readIfThere(`${patched.nginx.folder}/${name}`)
    const text = Buffer.from(bytes ?? []).toString('latin1')
    const date = releaseDate(text, planned.plan.release)
    if (date !== null) return date
  }
  return firstRelease
}

const loadModuleEntry = ({ built, planned }: Ready): readonly PackageEntry[] => {
  const layout = layoutOf(planned.plan.flags)
  if (built.modules.length === 0 || layout === null) return []
  const names = built.modules.map((file) => file.slice(file.lastIndexOf('/') + 1))
  const lines = names.map((name) => `load_module ${layout.modules}/${name};\n`)
  return [textEntry(loadModuleName, lines.join(''))]
}

const contentsOf = async (ready: Ready, job: Job): Promise<Contents> => {
  const { plan } = ready.planned
  const { root, entries } = await entriesOf(ready, job)
  const manifest = await manifestOf(ready, root, entries, job)
  const name = packageName(plan.target, plan.moduleNames)
  const sbom = sbomText(name, manifest, (sha256) => ready.patched.texts.get(sha256) ?? '')
  const about = [
    textEntry(manifestName, manifestText(manifest)),
    textEntry(sbomName, sbom),
    ...loadModuleEntry(ready),
  ]
  return { name, manifest, entries, about, seconds: await dateOf(ready, job) }
}

const control = (name: string, text: string): readonly PackageEntry[] =>
  text === '' ? [] : [textEntry(name, text)]

const debOf = async (
  contents: Contents,
  ready: Ready,
  job: Job,
  tools: StepTools,
): Promise<Uint8Array> => {
  const { name, manifest, entries, about, seconds } = contents
  const { archives, disk } = job.world
  const { built, planned, patched } = ready
  const layout = layoutOf(planned.plan.flags)
  const binary = built.nginx ?? built.modules[0]
  const machine = binary === undefined ? null : (readElf(await disk.read(binary))?.machine ?? null)
  const architecture = machine === null ? null : architectureOf(machine)
  if (layout === null || machine === null || architecture === null)
    throw new BuildError('sessctl does not know the Debian architecture of this machine', {
      help: 'write a .tar.gz instead',
    })
  const licence = await disk.readIfThere(`${patched.nginx.folder}/LICENSE`)
  const doc = below(`usr/share/doc/${name}`, [
    ...about,
    ...(licence === null ? [] : [{ path: 'copyright', mode: 0o644, content: licence }]),
  ])
  const data = withFolders([...below(manifest.root, entries), ...doc])
  const facts = {
    name,
    version: `${manifest.release}+sessctl.${sha256Hex(manifestText(manifest)).slice(0, 16)}`,
    machine,
    depends: await dependsOf(built, manifest.needs, job, tools),
    summary:
      manifest.target === 'nginx'
        ? `nginx ${manifest.release} with ${planned.plan.moduleNames.join(', ') || 'no other module'}`
        : `${planned.plan.moduleNames.join(', ')} for nginx ${manifest.release}`,
    details: [
      'Built by sessctl from verified sources and tested before it was packaged.',
      `Sources and contents: /usr/share/doc/${name}/${manifestName}`,
    ],
  }
  const head = withFolders([
    ...control('conffiles', conffilesText(data, layout)),
    ...control('control', controlText(facts, architecture, data)),
    ...control('md5sums', md5sumsText(data)),
  ])
  const members = [
    { name: 'debian-binary', content: Buffer.from('2.0\n') },
    { name: 'control.tar.gz', content: await archives.pack(head, seconds) },
    { name: 'data.tar.gz', content: await archives.pack(data, seconds) },
  ]
  return writeAr(members, seconds)
}

const write = async (
  { kind, path }: Destination,
  contents: Contents,
  ready: Ready,
  job: Job,
  tools: StepTools,
): Promise<{ readonly record: PackageRecord; readonly isNew: boolean }> => {
  const { disk, archives } = job.world
  const { about, entries, manifest, seconds } = contents
  const all = withFolders([...about, ...entries])
  if (kind === 'folder') {
    const sha256 = sha256Hex(manifestText(manifest))
    const before = await disk.readIfThere(`${path}/${manifestName}`)
    const isNew = before === null || sha256Hex(before) !== sha256
    await disk.publish(path, all, seconds)
    return { record: { path, kind, sha256 }, isNew }
  }
  const top = `nginx-${manifest.release}`
  const content =
    kind === 'deb'
      ? await debOf(contents, ready, job, tools)
      : await archives.pack(withFolders(below(top, all)), seconds)
  const sha256 = sha256Hex(content)
  const before = await disk.readIfThere(path)
  const isNew = before === null || sha256Hex(before) !== sha256
  if (isNew) await disk.publish(path, content, seconds)
  return { record: { path, kind, sha256 }, isNew }
}

/** What was tried out, in the forms that were asked for; each of them whole or not at all. */
export const packageAll =
  (ready: Ready, job: Job): StepWork<readonly PackageRecord[]> =>
  async (tools) => {
    const contents = await contentsOf(ready, job)
    const records: PackageRecord[] = []
    let isCached = true
    for (const destination of job.request.outputs) {
      await checkDestination(destination, job)
      const { record, isNew } = await write(destination, contents, ready, job, tools)
      tools.say(`${record.path}: sha256 ${record.sha256}`)
      records.push(record)
      if (isNew) isCached = false
    }
    return {
      value: records,
      summary: records.map(({ path }) => path.slice(path.lastIndexOf('/') + 1)).join(', '),
      isCached,
    }
  }
