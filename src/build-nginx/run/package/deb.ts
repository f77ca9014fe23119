import { BuildError } from '../../../errors.ts'
import { readElf } from '../../core/abi/elf.ts'
import { sha256Hex } from '../../core/digest.ts'
import { placesOf } from '../../core/install/places.ts'
import { writeAr } from '../../core/package/ar.ts'
import {
  architectureOf,
  changelogText,
  conffilesText,
  controlText,
  dropInRelations,
  md5sumsText,
  modulesRelations,
  plainRelations,
  type Relations,
  serviceRelations,
} from '../../core/package/deb.ts'
import { below, type PackageEntry, withFolders } from '../../core/package/entries.ts'
import { layoutOf } from '../../core/package/layout.ts'
import { lintianOverrides } from '../../core/package/lintian.ts'
import { manifestText } from '../../core/package/manifest.ts'
import { manualText } from '../../core/package/manual.ts'
import { dropInScripts, moduleScripts } from '../../core/package/scripts/debian.ts'
import { serviceScripts, sharedFolders } from '../../core/package/scripts/service.ts'
import type { StepTools } from '../engine.ts'
import type { Job } from '../job.ts'
import { dependsOf } from './depends.ts'
import type { Ready } from './facts.ts'
import { detailsOf, type PackageFacts, type Payload, summaryOf } from './payload.ts'

const textEntry = (path: string, text: string): PackageEntry => ({
  path,
  mode: 0o644,
  content: Buffer.from(text),
})

const scriptsOf = (
  { form, service, modules }: Payload,
  flags: readonly string[],
): readonly PackageEntry[] => {
  const { pid } = placesOf(flags)
  if (service !== null) return serviceScripts(service)
  if (form === 'drop-in') return dropInScripts(pid, modules)
  return form === 'debian-modules' ? moduleScripts(pid, modules) : []
}

const debianRevision = ({ verified }: Ready): string | null => {
  const nginx = verified.find(({ fetched }) => fetched.input.kind === 'nginx')?.own
  return nginx?.how === 'apt' ? nginx.version : null
}

const relationsOf = (
  { form, modules, abi }: Payload,
  ready: Ready,
  depends: readonly string[],
): Relations => {
  const names = modules.map(({ name }) => name)
  if (form === 'service') return serviceRelations(depends)
  if (form === 'drop-in')
    return dropInRelations({ revision: debianRevision(ready), abi, modules: names }, depends)
  return form === 'debian-modules' ? modulesRelations(names, depends) : plainRelations(depends)
}

const machineOf = async ({ built }: Ready, { world: { disk } }: Job): Promise<number | null> => {
  const binary = built.nginx ?? built.modules[0]
  return binary === undefined ? null : (readElf(await disk.read(binary))?.machine ?? null)
}

/** nginx's own manual page, which `make install` does not install. */
const manualEntry = async (
  { form }: Payload,
  { planned, patched }: Ready,
  { world: { disk, archives } }: Job,
): Promise<readonly PackageEntry[]> => {
  if (form !== 'drop-in') return []
  const page = await disk.readIfThere(`${patched.nginx.folder}/man/nginx.8`)
  if (page === null) return []
  const text = manualText(new TextDecoder().decode(page), placesOf(planned.plan.flags))
  const content = await archives.gzip(Buffer.from(text))
  return [{ path: 'usr/share/man/man8/nginx.8.gz', mode: 0o644, content }]
}

/** The bytes of a .deb. */
export const debOf = async (
  { payload, about, ready, seconds }: PackageFacts,
  job: Job,
  tools: StepTools,
): Promise<Uint8Array> => {
  const { name, manifest, entries, form } = payload
  const { archives, disk } = job.world
  const { built, planned, patched } = ready
  const { plan } = planned
  const machine = await machineOf(ready, job)
  const architecture = machine === null ? null : architectureOf(machine)
  const layout = layoutOf(plan.flags)
  if (layout === null || machine === null || architecture === null)
    throw new BuildError('sessctl does not know the Debian architecture of this machine', {
      help: 'write a .tar.gz instead',
    })
  const digest = sha256Hex(manifestText(manifest)).slice(0, 16)
  const version = `${manifest.release}-${job.request.revision}+sessctl.${digest}`
  const facts = {
    name,
    version,
    machine,
    relations: relationsOf(payload, ready, await dependsOf(built, manifest.needs, job, tools)),
    summary: summaryOf(ready),
    details: detailsOf(payload),
  }
  const licence = await disk.readIfThere(`${patched.nginx.folder}/LICENSE`)
  const doc = below(`usr/share/doc/${name}`, [
    ...about,
    ...(licence === null ? [] : [{ path: 'copyright', mode: 0o644, content: licence }]),
    {
      path: 'changelog.Debian.gz',
      mode: 0o644,
      content: await archives.gzip(Buffer.from(changelogText(facts, seconds))),
    },
  ])
  const data = withFolders([
    ...entries,
    ...doc,
    ...(await manualEntry(payload, ready, job)),
    textEntry(`usr/share/lintian/overrides/${name}`, lintianOverrides(name, form)),
  ]).filter(({ path }) => !sharedFolders.includes(path))
  const control = [
    textEntry('conffiles', conffilesText(data, layout.configFolder)),
    textEntry('control', controlText(facts, architecture, data)),
    textEntry('md5sums', md5sumsText(data)),
    ...(form === 'drop-in' ? [textEntry('triggers', 'interest-noawait nginx-reload\n')] : []),
    ...scriptsOf(payload, plan.flags),
  ].filter(({ content }) => content !== null && content.length > 0)
  const members = [
    { name: 'debian-binary', content: Buffer.from('2.0\n') },
    { name: 'control.tar.gz', content: await archives.pack(withFolders(control), seconds) },
    { name: 'data.tar.gz', content: await archives.pack(data, seconds) },
  ]
  return writeAr(members, seconds)
}
