import { BuildError } from '../../../errors.ts'
import { readElf } from '../../core/abi/elf.ts'
import { parseFlag } from '../../core/configure/flags.ts'
import { fileMode, oddPath, type PackageEntry, withFolders } from '../../core/package/entries.ts'
import { layoutOf, rootOf } from '../../core/package/layout.ts'
import { type Manifest, type ManifestInput, manifestFiles } from '../../core/package/manifest.ts'
import { sourceVersion } from '../../core/plan/plan.ts'
import { buildEnv, type Job } from '../job.ts'
import type { Built } from '../steps/compile.ts'
import type { Configured, Keys } from '../steps/configure.ts'
import type { Patched } from '../steps/patch.ts'
import type { Planned } from '../steps/plan.ts'
import type { Verified } from '../steps/verify.ts'
import { moduleDigest, moduleName, moduleTrees } from '../work-folder.ts'
import { treeFolder } from './tree.ts'

/** What the steps before have left. */
export interface Ready {
  readonly planned: Planned
  readonly verified: readonly Verified[]
  readonly patched: Patched
  readonly keys: Keys
  readonly configured: Configured
  readonly built: Built
}

const lastName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

const versionOf = ({ fetched, locked }: Verified, release: string): string | null => {
  const { input, debian } = fetched
  if (input.kind === 'nginx') return release
  if (debian !== null) return debian.version
  return input.source.kind === 'git' ? (locked.commit ?? null) : sourceVersion(input.source)
}

const inputOf = (one: Verified, release: string): ManifestInput => {
  const { fetched, locked, own } = one
  const { input, content } = fetched
  return {
    name: input.name,
    kind: input.kind,
    // Where it stood on this host is nobody's business.
    from: input.source.kind === 'local' ? lastName(fetched.from) : fetched.from,
    version: versionOf(one, release),
    sha256: locked.sha256,
    isArchive: content.kind === 'archive',
    commit: locked.commit ?? null,
    tree: locked.tree ?? null,
    verified: own,
  }
}

/** The files of the package, from its root on. */
export const entriesOf = async (
  { built, planned }: Ready,
  { world: { disk } }: Job,
): Promise<{ readonly root: string; readonly entries: readonly PackageEntry[] }> => {
  const layout = layoutOf(planned.plan.flags)
  if (built.tree === null || layout === null)
    throw new BuildError('there is nothing to package: the prefix is not absolute', {
      help: 'set an absolute prefix, for example -- --prefix=/usr/local/nginx',
    })
  const { files, folders } = built.tree
  const names = [...Object.keys(files), ...folders].map((path) => `/${path}`)
  // Folders on the way to the prefix are nobody's.
  const isOnTheWay = (path: string): boolean => names.some((name) => name.startsWith(`${path}/`))
  const root = rootOf(
    names.filter((path) => !isOnTheWay(path)),
    layout,
  )
  const relative = (path: string): string =>
    root === '/' ? path : `/${path}`.slice(root.length + 1)
  const all: PackageEntry[] = folders
    .map(relative)
    .filter((path) => path !== '')
    .map((path) => ({ path, mode: 0o755, content: null }))
  for (const [path, { binary, isExecutable }] of Object.entries(files)) {
    const from = binary === null ? `${treeFolder}/${path}` : binary
    const content = await disk.read(`${built.folder}/${from}`)
    all.push({ path: relative(path), mode: fileMode(isExecutable), content })
  }
  const odd = oddPath(all)
  if (odd !== undefined)
    throw new BuildError(`${JSON.stringify(odd)} is not a valid file name in a package`, {
      help: 'find the module or the configure flag that installs it',
    })
  return { root, entries: withFolders(all.filter(({ path }) => !path.startsWith('/'))) }
}

const neededBy = async ({ nginx, modules }: Built, { world: { disk } }: Job) => {
  const names = new Set<string>()
  for (const file of [...(nginx === null ? [] : [nginx]), ...modules])
    for (const name of readElf(await disk.read(file))?.needed ?? []) names.add(name)
  return [...names].sort()
}

const versionLines = async ({ nginx }: Built, job: Job): Promise<readonly string[]> => {
  if (nginx === null) return []
  const said = await job.context.exec.run(nginx, ['-V'], { env: buildEnv(job), isIsolated: true })
  return (said?.stderr ?? '').trimEnd().split('\n')
}

const nameOf = ({ name }: Keys, flags: readonly string[]): string | null =>
  name ?? flags.map(parseFlag).find((flag) => flag.name === '--build')?.value ?? null

export const manifestOf = async (
  ready: Ready,
  root: string,
  entries: readonly PackageEntry[],
  job: Job,
): Promise<Manifest> => {
  const { planned, verified, patched, keys, configured, built } = ready
  const { plan, host } = planned
  return {
    producer: 'sessctl build-nginx',
    format: 1,
    release: plan.release,
    target: plan.target,
    build: nameOf(keys, configured.flags),
    recipe: keys.recipe,
    inputs: verified.map((one) => inputOf(one, plan.release)),
    patches: patched.patches.map((patch) => ({
      ...patch,
      name: patch.name.startsWith('/') ? lastName(patch.name) : patch.name,
    })),
    taints: patched.taints,
    configure: configured.flags,
    environment: job.request.environment,
    compiler: host.compiler?.text ?? '',
    modules: moduleTrees(patched).map((tree) => ({
      name: moduleName(tree),
      linkage: plan.linkage,
      digest: moduleDigest(tree, patched),
    })),
    version: await versionLines(built, job),
    needs: await neededBy(built, job),
    root,
    files: manifestFiles(entries),
  }
}
