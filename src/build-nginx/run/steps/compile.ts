import { BuildError, ToolError } from '../../../errors.ts'
import { readElf } from '../../core/abi/elf.ts'
import { misfits } from '../../core/abi/fit.ts'
import { loadOrder } from '../../core/abi/link.ts'
import { type NginxFacts, readNginx, readSharedObject } from '../../core/abi/read.ts'
import { firstError } from '../../core/compile-error.ts'
import { sha256Hex } from '../../core/digest.ts'
import { readRecord } from '../cache.ts'
import type { StepTools, StepWork } from '../engine.ts'
import { type Job, moduleEnv } from '../job.ts'
import { type InstallTree, installTree, knownTree } from '../package/tree.ts'
import { readState, writeState } from '../work-folder.ts'
import type { Configured } from './configure.ts'
import type { Patched } from './patch.ts'
import type { Planned } from './plan.ts'
import type { Verified } from './verify.ts'

/** What came out; its files never change. */
export interface Built {
  readonly folder: string
  readonly key: string
  /** Null when only modules were built. */
  readonly nginx: string | null
  readonly modules: readonly string[]
  /** sha256 by name. */
  readonly files: Readonly<Record<string, string>>
  /** What belongs on a host; null when the prefix is not absolute. */
  readonly tree: InstallTree | null
}

const recordFile = 'build.json'

const isFiles = (value: unknown): value is { readonly files: Readonly<Record<string, string>> } =>
  typeof value === 'object' && value !== null && 'files' in value && typeof value.files === 'object'

/** A build of the cache, or null; damaged ones count as none. */
const readBuilt = async (key: string, { cache, world: { disk } }: Job): Promise<Built | null> => {
  const folder = cache.build(key)
  const value = await readRecord(`${folder}/${recordFile}`, disk)
  if (!isFiles(value)) return null
  await disk.requireOurs(folder)
  for (const [name, sha256] of Object.entries(value.files)) {
    const content = await disk.readIfThere(`${folder}/${name}`)
    if (content === null || sha256Hex(content) !== sha256) return null
  }
  const tree = await knownTree('tree' in value ? value.tree : undefined, folder, disk)
  return tree === undefined ? null : builtOf(folder, key, value.files, tree)
}

const builtOf = (
  folder: string,
  key: string,
  files: Built['files'],
  tree: Built['tree'],
): Built => {
  const names = Object.keys(files)
  return {
    folder,
    key,
    nginx: names.includes('nginx') ? `${folder}/nginx` : null,
    modules: names.filter((name) => name.endsWith('.so')).map((name) => `${folder}/${name}`),
    files,
    tree,
  }
}

const failure = (lines: readonly string[], folder: string, signal: string | null): BuildError => {
  const error = firstError(lines)
  if (error === null) {
    const last = lines.findLast((line) => line.trim() !== '') ?? ''
    return new BuildError(
      `the compilation ${signal === null ? 'failed' : `was killed by ${signal}`}: ${last}`,
      {
        help: 'see the log of the step',
      },
    )
  }
  const place =
    error.file === null ? '' : `${error.file}${error.line === null ? '' : `:${error.line}`}: `
  return new BuildError(`the compilation failed: ${place}${error.message}`, {
    help: error.help ?? `the sources are in ${folder}/nginx`,
  })
}

const objectPattern = /-o (\S+\.o)\b/

/** How many objects there will be: the Makefile lists them as targets. */
const countObjects = (makefile: string): number => makefile.match(/^objs\/\S+\.o:/gm)?.length ?? 0

const make = async (
  { folder }: Configured,
  planned: Planned,
  job: Job,
  tools: StepTools,
): Promise<void> => {
  const { disk, processes } = job.world
  const cwd = `${folder}/nginx`
  const makefile = new TextDecoder('latin1').decode(await disk.read(`${cwd}/objs/Makefile`))
  const total = countObjects(makefile)
  const lines: string[] = []
  let objects = 0
  const onLine = (line: string): void => {
    lines.push(line)
    tools.say(line)
    const object = objectPattern.exec(line)?.[1]
    if (object === undefined) return
    objects++
    tools.progress(object.slice(object.lastIndexOf('/') + 1), objects, total)
  }
  // Before there were modules beside nginx (1.9.11), there was the binary only.
  const all = /^build:/m.test(makefile) ? 'build' : 'objs/nginx'
  const target = planned.plan.target === 'modules' ? 'modules' : all
  // Every object depends on what configure found; whose objects a new name is for are gone already.
  const old = ['-o', 'objs/ngx_auto_config.h']
  const args = ['-f', 'objs/Makefile', ...old, `-j${job.request.jobs}`, target]
  const ended = await processes.run('make', args, { cwd, env: moduleEnv(job), onLine })
  if (ended === null)
    throw new ToolError('make is not installed on this host', { help: 'install make' })
  if (ended.exitCode !== 0) throw failure(lines, folder, ended.signal)
}

/** Compiles in the work's folder; what a killed run left there is not trusted. */
const makeAll = async (configured: Configured, planned: Planned, job: Job, tools: StepTools) => {
  const { disk } = job.world
  const state = await readState(configured.folder, disk)
  if (state === null)
    throw new BuildError(`${configured.folder} was removed during the build`, { help: 'run again' })
  await writeState(configured.folder, { ...state, isCompiling: true }, disk)
  try {
    await make(configured, planned, job, tools)
  } finally {
    // make(1) has ended and removed what it had not finished: the next run goes on from here.
    await writeState(configured.folder, { ...state, isCompiling: false }, disk)
  }
}

/** configure writes one line `modules: objs/NAME.so` for each dynamic module, in its order. */
const orderOfConfigure = (modules: readonly string[], makefile: string): readonly string[] => {
  const names = [...makefile.matchAll(/^modules:\s+objs\/(\S+\.so)/gm)].map(([, name]) => name)
  return [
    ...names.filter((name) => name !== undefined && modules.includes(name)),
    ...modules.filter((name) => !names.includes(name)),
  ].filter((name) => name !== undefined)
}

const collect = async ({ folder, buildKey }: Configured, { plan }: Planned, job: Job) => {
  const { disk } = job.world
  const objects = `${folder}/nginx/objs`
  const stage = job.cache.incoming(`build-${buildKey}`)
  await disk.remove(stage)
  const names = (await disk.list(objects))
    .filter(({ path }) => !path.includes('/'))
    .map(({ path }) => path)
  const makefile = new TextDecoder('latin1').decode(await disk.read(`${objects}/Makefile`))
  const modules = orderOfConfigure(
    names.filter((name) => name.endsWith('.so')),
    makefile,
  )
  const files = await Promise.all(
    modules.map(async (file) => ({ file, elf: readElf(await disk.read(`${objects}/${file}`)) })),
  )
  const shared = loadOrder(files.flatMap(({ file, elf }) => (elf === null ? [] : [{ file, elf }])))
  const wanted = [
    ...(names.includes('nginx') && plan.target === 'nginx' ? ['nginx'] : []),
    ...shared,
  ]
  const digests: Record<string, string> = {}
  for (const name of wanted) {
    await disk.copy(`${objects}/${name}`, `${stage}/${name}`)
    digests[name] = sha256Hex(await disk.read(`${stage}/${name}`))
  }
  const expected =
    plan.target === 'modules' || plan.linkage === 'dynamic' ? plan.moduleNames.length : 0
  if (wanted.filter((name) => name.endsWith('.so')).length < expected) {
    throw new BuildError('the build made fewer shared objects than it has modules', {
      help: 'build with --static: a module whose config does not use auto/module cannot be a shared object',
    })
  }
  return { stage, files: digests }
}

/** What nginx would say when it loads them. */
const checkFit = async (built: Built, target: NginxFacts | null, job: Job): Promise<void> => {
  const { disk } = job.world
  const nginx = built.nginx === null ? target : readNginx(await disk.read(built.nginx))
  for (const file of built.modules) {
    const object = readSharedObject(await disk.read(file))
    const wrong = nginx === null || object === null ? [] : misfits(nginx, object)
    const [first] = wrong.flatMap(({ differences }) => differences)
    if (wrong.length > 0) {
      throw new BuildError(
        `${file.slice(file.lastIndexOf('/') + 1)} would be refused by nginx: ${wrong[0]?.reason}${first === undefined ? '' : `, ${first.what} differs (nginx ${first.nginx}, module ${first.module})`}`,
        { help: first?.flag == null ? null : `append the flag of nginx after --: ${first.flag}` },
      )
    }
  }
}

/** From a configured folder to files of the cache. */
export const compile =
  (
    configured: Configured,
    verified: readonly Verified[],
    patched: Patched,
    planned: Planned,
    job: Job,
  ): StepWork<Built> =>
  async (tools) => {
    const { disk } = job.world
    const { buildKey } = configured
    const summary = (built: Built) => Object.keys(built.files).join(', ')
    const known = await readBuilt(buildKey, job)
    if (known !== null) return { value: known, summary: summary(known), isCached: true }
    await makeAll(configured, planned, job, tools)
    const { stage, files } = await collect(configured, planned, job)
    const tree = await installTree(configured.folder, planned.plan, files, stage, job, tools)
    await checkFit(builtOf(stage, buildKey, files, tree), planned.target, job)
    const record = {
      format: 1,
      release: planned.plan.release,
      configure: configured.flags,
      environment: job.request.environment,
      compiler: planned.host.compiler?.text,
      inputs: Object.fromEntries(
        verified.map(({ fetched, locked }) => [fetched.input.name, locked]),
      ),
      patches: patched.patches,
      taints: patched.taints,
      files,
      tree,
    }
    await disk.write(`${stage}/${recordFile}`, `${JSON.stringify(record, null, 2)}\n`)
    await disk.move(stage, job.cache.build(buildKey))
    const built = builtOf(job.cache.build(buildKey), buildKey, files, tree)
    return { value: built, summary: summary(built), isCached: false }
  }
