import { BuildError } from '../../../errors.ts'
import { sha256Hex } from '../../core/digest.ts'
import { below, type PackageEntry, withFolders } from '../../core/package/entries.ts'
import { layoutOf } from '../../core/package/layout.ts'
import { manifestText } from '../../core/package/manifest.ts'
import { oddRpmPath, rpmRoot, specText } from '../../core/package/rpm.ts'
import { serviceScriptlets } from '../../core/package/scripts/service.ts'
import type { StepTools } from '../engine.ts'
import { buildEnv, type Job } from '../job.ts'
import { detailsOf, type PackageFacts, summaryOf } from './payload.ts'

/** The bytes of a tarball with a spec file, for `rpmbuild -tb`. */
export const specTarball = async (
  { payload, about, ready, seconds }: PackageFacts,
  tarball: string,
  job: Job,
): Promise<Uint8Array> => {
  const { name, manifest, entries, service } = payload
  const { archives, disk } = job.world
  const layout = layoutOf(ready.planned.plan.flags)
  if (service === null || layout === null)
    throw new BuildError('an .rpm is an nginx with a service of its own', {
      help: 'write a .deb, or set -- --prefix=/opt/nginx',
    })
  const licence = await disk.readIfThere(`${ready.patched.nginx.folder}/LICENSE`)
  const all = withFolders([
    ...entries,
    ...below(`usr/share/doc/${name}`, about),
    ...(licence === null
      ? []
      : [{ path: `usr/share/licenses/${name}/LICENSE`, mode: 0o644, content: licence }]),
  ])
  const odd = oddRpmPath(all)
  if (odd !== undefined)
    throw new BuildError(`${JSON.stringify(odd)} cannot be a file name in an .rpm`, {
      help: 'write a .deb or a .tar.gz',
    })
  const digest = sha256Hex(manifestText(manifest)).slice(0, 16)
  const facts = {
    name,
    version: manifest.release,
    release: `${job.request.revision}.sessctl.${digest}`,
    summary: summaryOf(ready),
    details: detailsOf(payload),
    scriptlets: serviceScriptlets(service),
    tarball,
    configFolder: layout.configFolder,
  }
  const spec: PackageEntry = {
    path: `${name}.spec`,
    mode: 0o644,
    content: Buffer.from(specText(facts, all, seconds)),
  }
  const top = `${name}-${manifest.release}`
  return archives.pack(withFolders(below(top, [spec, ...below(rpmRoot, all)])), seconds)
}

const withoutRpmbuild = (): BuildError =>
  new BuildError('rpmbuild is not installed: an .rpm cannot be written', {
    help: 'install it (Fedora, RHEL: rpm-build; Debian: rpm), or write NAME.spec.tar.gz and run rpmbuild -tb NAME.spec.tar.gz',
  })

/** Before anything is compiled. @throws BuildError without rpm's own tool. */
export const requireRpmbuild = async (job: Job): Promise<void> => {
  if (!job.request.outputs.some(({ kind }) => kind === 'rpm')) return
  const options = { env: buildEnv(job), isIsolated: true }
  if ((await job.context.exec.run('rpmbuild', ['--version'], options)) === null)
    throw withoutRpmbuild()
}

/** The bytes of an .rpm, which rpm's own tool makes. */
export const rpmOf = async (
  facts: PackageFacts,
  job: Job,
  { say }: Pick<StepTools, 'say'>,
): Promise<Uint8Array> => {
  const { disk, processes, processId } = job.world
  const tarball = 'nginx.spec.tar.gz'
  const content = await specTarball(facts, tarball, job)
  const folder = `${job.cache.temporary}/rpm-${processId}`
  await disk.remove(folder)
  try {
    await disk.write(`${folder}/${tarball}`, content)
    const lines: string[] = []
    const onLine = (line: string): void => {
      lines.push(line)
      say(line)
    }
    const defined = {
      _topdir: folder,
      _rpmdir: folder,
      _build_name_fmt: 'nginx.rpm',
      _tmppath: folder,
    }
    const args = Object.entries(defined).flatMap(([name, value]) => [
      '--define',
      `${name} ${value}`,
    ])
    const ended = await processes.run('rpmbuild', ['-tb', ...args, tarball], {
      cwd: folder,
      env: { ...buildEnv(job), SOURCE_DATE_EPOCH: String(facts.seconds) },
      onLine,
    })
    if (ended === null) throw withoutRpmbuild()
    if (ended.exitCode !== 0) {
      const reason = lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1) ?? ''
      throw new BuildError(`rpmbuild failed: ${reason}`, { help: 'see the log of the step' })
    }
    return await disk.read(`${folder}/nginx.rpm`)
  } finally {
    await disk.remove(folder)
  }
}
