import { BuildError, ToolError } from '../../../errors.ts'
import { hasFlag } from '../../core/configure/flags.ts'
import { shellLine } from '../../core/configure/words.ts'
import { configureError } from '../../core/configure-error.ts'
import { sha256Hex, valueDigest } from '../../core/digest.ts'
import { buildName, type Recipe } from '../../core/package/recipe.ts'
import { moduleNeeds } from '../../core/plan/modules.ts'
import { renameBuild } from '../build-name.ts'
import type { StepWork } from '../engine.ts'
import { type Job, moduleEnv } from '../job.ts'
import { configScripts } from '../module-config.ts'
import {
  layOutAll,
  moduleDigest,
  moduleName,
  moduleTrees,
  readState,
  replaceModule,
  type WorkState,
  writeState,
} from '../work-folder.ts'
import type { Tree } from './extract.ts'
import type { Patched } from './patch.ts'
import type { Planned } from './plan.ts'

/** Rises when the layout of a work or of what comes out of it changes. */
const format = 7

export interface Configured {
  /** The folder of the work, configured. */
  readonly folder: string
  /** What comes out of it is known by this. */
  readonly buildKey: string
  /** What was changed since the last time. */
  readonly replaced: readonly string[]
  /** What it was told, with the name of the build. */
  readonly flags: readonly string[]
}

const patchedBytes = ({ changes }: Patched, name: string): readonly unknown[] =>
  [...(changes.get(name) ?? [])].map(([path, text]) => [
    path,
    text === null ? null : sha256Hex(text),
  ])

/** Of a module, what configure reads: everything else is make's. */
const configText = async (tree: Tree, { world: { disk } }: Job): Promise<readonly unknown[]> => {
  const within = tree.fetched.input.folder ?? ''
  const rules = await disk.readIfThere(
    `${tree.folder}/${within === '' ? '' : `${within}/`}config.make`,
  )
  const scripts = await configScripts(tree, disk)
  return [
    scripts.map(({ path, text }) => [path, sha256Hex(Buffer.from(text, 'latin1'))]),
    rules === null ? '' : sha256Hex(rules),
  ]
}

/** What a configured folder, and what comes out of it, are known by. */
export interface Keys {
  readonly work: string
  readonly build: string
  /** What nginx is made of, and what it calls itself after it; null for modules only. */
  readonly recipe: Recipe | null
  readonly name: string | null
}

const shortened = (digest: string): string => digest.slice(0, 32)

/** Modules beside nginx are no part of it. */
const recipeOf = (patched: Patched, { plan, host }: Planned, { request }: Job): Recipe | null => {
  if (plan.target === 'modules') return null
  const isInside = ({ fetched }: Tree): boolean =>
    fetched.input.kind !== 'module' || plan.linkage === 'static'
  const trees = [patched.nginx, ...patched.others].filter(isInside)
  return {
    release: plan.release,
    sources: Object.fromEntries(trees.map(({ fetched, digest }) => [fetched.input.name, digest])),
    patches: patched.patches.map(({ sha256 }) => sha256),
    configure: plan.flags,
    ...(Object.keys(request.environment).length === 0 ? {} : { environment: request.environment }),
    compiler: host.compiler?.text ?? '',
  }
}

export const keysOf = async (patched: Patched, planned: Planned, job: Job): Promise<Keys> => {
  const { plan, host } = planned
  const modules = moduleTrees(patched)
  const configs = await Promise.all(
    modules.map(async (tree) => [moduleName(tree), await configText(tree, job)]),
  )
  const libraries = patched.others.filter((tree) => !modules.includes(tree))
  const work = valueDigest([
    format,
    patched.nginx.digest,
    patchedBytes(patched, 'nginx'),
    libraries.map((tree) => [tree.digest, patchedBytes(patched, tree.fetched.input.name)]),
    plan.flags,
    plan.target,
    host.compiler,
    host.libraries,
    job.request.environment,
    configs,
  ])
  const recipe = recipeOf(patched, planned, job)
  // Whoever names a build has a reason for it.
  const name = recipe === null || hasFlag(plan.flags, '--build') ? null : buildName(recipe)
  const build = valueDigest([
    work,
    name,
    modules.map((tree) => [moduleName(tree), moduleDigest(tree, patched)]),
  ])
  return { work: shortened(work), build: shortened(build), recipe, name }
}

/**
 * Every path that a compiler might write down is the same on every host. It is told so behind
 * configure's back: $CFLAGS would take the place of -O, -W and -g, a flag would show in `nginx -V`.
 */
const mapPaths = async (
  folder: string,
  { compiler }: Planned['host'],
  { world: { disk } }: Job,
): Promise<void> => {
  const major = Number(compiler?.version.split('.')[0] ?? 0)
  const knowsFiles = compiler?.family === 'gcc' ? major >= 8 : major >= 10
  const flag = `-f${knowsFiles ? 'file' : 'debug'}-prefix-map=${folder}=/build`
  const file = `${folder}/nginx/objs/Makefile`
  const text = Buffer.from(await disk.read(file)).toString('latin1')
  const mapped = text.replace(/^CFLAGS =.*$/m, (line) => `${line.trimEnd()} ${flag}`)
  await disk.write(file, Buffer.from(mapped, 'latin1'))
}

const scriptOf = async (folder: string, job: Job): Promise<string> => {
  const { disk } = job.world
  // A clone of the repository has it where the release's own script comes from.
  const names = ['configure', 'auto/configure']
  for (const name of names) if ((await disk.kind(`${folder}/${name}`)) === 'file') return name
  throw new BuildError('the nginx source has no configure script', {
    help: 'use a release from nginx.org',
  })
}

/** What the work stands at, when it can go on from there. */
const resumed = async (
  folder: string,
  name: string | null,
  { world: { disk } }: Job,
): Promise<WorkState | null> => {
  const state = await readState(folder, disk)
  if (state?.isConfigured !== true || state.isCompiling) return null
  await disk.requireOurs(folder)
  if (state.name === name) return state
  if (name === null || !(await renameBuild(folder, name, disk))) return null
  await writeState(folder, { ...state, name }, disk)
  return { ...state, name }
}

/** Runs nginx's own configure in a folder that has all sources side by side. */
export const configure =
  (keys: Keys, patched: Patched, planned: Planned, job: Job): StepWork<Configured> =>
  async ({ say, progress }) => {
    const { disk, processes } = job.world
    const { name } = keys
    const flags = [...planned.plan.flags, ...(name === null ? [] : [`--build=${name}`])]
    const folder = job.cache.work(keys.work)
    const done = (replaced: readonly string[]): Configured => ({
      folder,
      buildKey: keys.build,
      replaced,
      flags,
    })
    if ((await disk.kind(`${job.cache.build(keys.build)}/build.json`)) === 'file') {
      return { value: done([]), summary: 'unchanged', isCached: true }
    }
    const state = await resumed(folder, name, job)
    if (state !== null) {
      const changed = moduleTrees(patched).filter(
        (tree) => state.modules[moduleName(tree)] !== moduleDigest(tree, patched),
      )
      const modules: Record<string, string> = { ...state.modules }
      for (const tree of changed) {
        await replaceModule(tree, folder, patched, disk)
        modules[moduleName(tree)] = moduleDigest(tree, patched)
        await writeState(folder, { ...state, modules }, disk)
      }
      const names = changed.map(moduleName)
      const summary =
        names.length === 0 ? 'already configured' : `already configured; new: ${names.join(', ')}`
      return { value: done(names), summary, isCached: true }
    }
    progress('sources', 0, null)
    try {
      await layOutAll(patched, folder, name, disk)
    } catch (error) {
      // Half of it is of no use, and a full disk has no room for it.
      await disk.remove(folder)
      throw error
    }
    const cwd = `${folder}/nginx`
    const script = await scriptOf(cwd, job)
    say(`./${script} ${shellLine(flags)}`)
    const lines: string[] = []
    const onLine = (line: string): void => {
      lines.push(line)
      say(line)
      const question = /^checking for (.*?) \.\.\./.exec(line)?.[1]
      if (question !== undefined) progress(question, 0, null)
    }
    const options = { cwd, env: moduleEnv(job), onLine }
    const ended = await processes.run('sh', [`./${script}`, ...flags], options)
    if (ended === null) throw new ToolError('sh is not installed on this host')
    if (ended.exitCode !== 0) {
      const autoconf = await disk.readIfThere(`${cwd}/objs/autoconf.err`)
      const { message, help } = configureError(
        lines,
        new TextDecoder('latin1').decode(autoconf ?? undefined),
      )
      await disk.remove(folder)
      const lacking = planned.plan.lacking.map(({ message: what, help: how }) => `${what}: ${how}`)
      const needs = moduleNeeds(job.request.modules, message)
      const helps = [...(help === null ? [] : [help]), ...lacking, ...needs]
      throw new BuildError(`configure failed: ${message}`, {
        help: helps.length === 0 ? 'see the log of the step' : helps.join('\n    '),
      })
    }
    await mapPaths(folder, planned.host, job)
    const fresh = await readState(folder, disk)
    if (fresh !== null) await writeState(folder, { ...fresh, isConfigured: true }, disk)
    return { value: done([]), summary: `${flags.length} arguments`, isCached: false }
  }
