import { sha256Hex } from '../../core/digest.ts'
import type { Destination } from '../../core/package/destination.ts'
import {
  below,
  firstRelease,
  type PackageEntry,
  releaseDate,
  withFolders,
} from '../../core/package/entries.ts'
import { packageName } from '../../core/package/form.ts'
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
import { debOf } from '../package/deb.ts'
import { entriesOf, manifestOf, type Ready } from '../package/facts.ts'
import { checkDestination } from '../package/owned.ts'
import { payloadOf } from '../package/payload.ts'
import { rpmOf, specTarball } from '../package/rpm.ts'

export interface PackageRecord {
  readonly path: string
  readonly kind: Destination['kind']
  /** Of the file; of a folder's manifest.json. */
  readonly sha256: string
}

/** A package as files, whatever becomes of them. */
interface Contents {
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

const aboutEntries = (name: string, manifest: Manifest, ready: Ready): readonly PackageEntry[] => [
  textEntry(manifestName, manifestText(manifest)),
  textEntry(
    sbomName,
    sbomText(name, manifest, (sha256) => ready.patched.texts.get(sha256) ?? ''),
  ),
]

const contentsOf = async (ready: Ready, job: Job): Promise<Contents> => {
  const { plan } = ready.planned
  const { root, entries } = await entriesOf(ready, job)
  const manifest = await manifestOf(ready, root, entries, job)
  const name = packageName(plan.form, plan.moduleNames)
  const about = [...aboutEntries(name, manifest, ready), ...loadModuleEntry(ready)]
  return { manifest, entries, about, seconds: await dateOf(ready, job) }
}

/** A package that a package manager installs, as one file. */
const fileOf = async (
  { kind, path }: Destination,
  { manifest, entries, seconds }: Contents,
  ready: Ready,
  job: Job,
  tools: StepTools,
): Promise<Uint8Array> => {
  const payload = await payloadOf(ready.planned.plan.form, manifest, entries, ready, job)
  const isSnippet = payload.modules.length > 0
  const about = [
    ...aboutEntries(payload.name, payload.manifest, ready),
    ...(isSnippet ? [] : loadModuleEntry(ready)),
  ]
  const facts = { payload, about, ready, seconds }
  if (kind === 'deb') return debOf(facts, job, tools)
  const tarball = path.slice(path.lastIndexOf('/') + 1)
  return kind === 'spec' ? specTarball(facts, tarball, job) : rpmOf(facts, job, tools)
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
    kind === 'tar.gz'
      ? await archives.pack(withFolders(below(top, all)), seconds)
      : await fileOf({ kind, path }, contents, ready, job, tools)
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
