import { BuildError, UsageError } from '../../../errors.ts'
import { type NginxFacts, readNginx, releaseOf } from '../../core/abi/read.ts'
import { parseFlag } from '../../core/configure/flags.ts'
import { compilerOptions } from '../../core/configure/like.ts'
import { printedArguments } from '../../core/configure/printed.ts'
import { layoutOf } from '../../core/package/layout.ts'
import type { Host, Library } from '../../core/plan/host.ts'
import { type BuildPlan, planBuild } from '../../core/plan/plan.ts'
import {
  compilerOf,
  cryptHeader,
  headerQuestion,
  isLibxcrypt,
  packagesOf,
  questions,
  versionIn,
} from '../../core/plan/probe.ts'
import { knownModules } from '../../core/sources/known/index.ts'
import type { StepTools, StepWork } from '../engine.ts'
import { installedPackage } from '../installed.ts'
import { buildEnv, type Job } from '../job.ts'
import { checkDestination } from '../package/owned.ts'
import { requireRpmbuild } from '../package/rpm.ts'
import { readSeries } from '../package-files.ts'
import { releaseNamed } from '../release.ts'

/** Where the compiler is told to look: the same options that configure will get. */
const searchOptions = (flags: readonly string[]): readonly string[] => {
  const options = flags.map(parseFlag).filter(({ name }) => name === '--with-cc-opt')
  const words = options.flatMap(({ value }) => (value ?? '').split(/\s+/))
  return words.filter((word) => /^-(I|isystem)./.test(word))
}

const askHost = async (job: Job, flags: readonly string[]): Promise<Host> => {
  const { context, world, request } = job
  const command = request.compiler ?? 'cc'
  const options = { env: buildEnv(job), isIsolated: true }
  const said = async (file: string, args: readonly string[]): Promise<string | null> => {
    const result = await context.exec.run(file, args, options)
    return result?.exitCode === 0 ? result.stdout : null
  }
  const [version, make, osRelease] = await Promise.all([
    said(command, ['--version']),
    said('make', ['--version']),
    world.disk.readIfThere('/etc/os-release'),
  ])
  const compiler = version === null ? null : compilerOf(command, version)
  const search = searchOptions(flags)
  const macros = (include: string, options: readonly string[] = []) =>
    compiler === null ? null : said(command, headerQuestion(include, [...search, ...options]))
  const [crypt, ...texts] = await Promise.all([
    macros(cryptHeader),
    ...questions.map(({ include, options }) => macros(include, options)),
  ])
  const libraries: Record<Library, string | null> = {
    openssl: null,
    pcre1: null,
    pcre2: null,
    zlib: null,
    xslt: null,
    gd: null,
    geoip: null,
    perl: null,
  }
  for (const [index, { library }] of questions.entries())
    libraries[library] = versionIn(library, texts[index] ?? null)
  libraries.perl = await said('perl', ['-MExtUtils::Embed', '-e', '1'])
  return {
    compiler,
    hasMake: make !== null,
    libraries,
    hasLibxcrypt: isLibxcrypt(crypt ?? ''),
    packages: packagesOf(new TextDecoder().decode(osRelease ?? undefined)),
    processors: world.processors,
  }
}

const targetOf = async ({ world, request }: Job): Promise<NginxFacts | null> => {
  const file = request.forNginx ?? request.like
  if (file === null) return null
  const facts = readNginx(await world.disk.read(file))
  if (facts !== null) return facts
  throw new UsageError(`${file} is not an nginx binary`, {
    help: 'name the binary itself, not a script that starts it',
  })
}

/** The first error in what a compiler prints, without the name of its part. */
const complaint = (text: string): string =>
  (text.split('\n').find((line) => /error/.test(line)) ?? text.split('\n', 1)[0] ?? '')
    .replace(/^\S+: (?:fatal )?error: /, '')
    .trim()

/** Options of the installed nginx that this compiler refuses: one run when there are none. */
const refusedOptions = async (
  written: string,
  command: string,
  { context, world, cache }: Job,
): Promise<ReadonlyMap<string, string>> => {
  const refused = new Map<string, string>()
  const tried = async (options: readonly string[]): Promise<string | null> => {
    const args = [...options, '-fsyntax-only', '-x', 'c', '/dev/null']
    const env = buildEnv({ world, cache })
    const result = await context.exec.run(command, args, { env, isIsolated: true })
    return result === null || result.exitCode === 0 ? null : complaint(result.stderr)
  }
  const options = compilerOptions(written)
  if (options.length === 0 || (await tried(options)) === null) return refused
  for (const option of options) {
    const reason = await tried([option])
    if (reason !== null) refused.set(option, reason)
  }
  return refused
}

const adviseAll = ({ advice }: BuildPlan, { advise }: StepTools): void => {
  for (const one of advice) if (one.level !== 'error') advise(one)
  const errors = advice.filter(({ level }) => level === 'error')
  if (errors.length === 0) return
  const helps = errors.map(({ help }) => help).filter((help) => help !== null)
  throw new BuildError(errors.map(({ message }) => message).join('\n'), {
    help: helps.length === 0 ? null : helps.join('\n    '),
  })
}

/** A path that leads nowhere is a typing error as a rule: of a module's name, say. */
const checkLocal = async ({ inputs }: BuildPlan, { disk }: Job['world']): Promise<void> => {
  for (const { name, kind, source } of inputs) {
    if (source.kind !== 'local' || (await disk.kind(source.path)) !== null) continue
    const names = ['jvm_route', ...Object.keys(knownModules)]
    throw new UsageError(`${name}: ${source.path} does not exist`, {
      help:
        kind === 'module'
          ? `use a known module (${names.join(', ')}), a folder, a tarball or a git URL`
          : 'use an existing folder or tarball',
    })
  }
}

/** Before anything is downloaded, not after all is compiled. */
const checkOutputs = async ({ flags }: BuildPlan, job: Job): Promise<void> => {
  const { outputs } = job.request
  if (outputs.length > 0 && layoutOf(flags) === null)
    throw new UsageError('--output: a package needs an absolute prefix', {
      help: 'set an absolute prefix, for example -- --prefix=/usr/local/nginx',
    })
  for (const output of outputs) await checkDestination(output, job)
  await requireRpmbuild(job)
}

export interface Planned {
  readonly plan: BuildPlan
  readonly host: Host
  readonly target: NginxFacts | null
}

/** Everything that can be known before something is downloaded. */
export const plan =
  (job: Job): StepWork<Planned> =>
  async (tools) => {
    const { request, world } = job
    const target = await targetOf(job)
    const ofTarget = target === null ? null : releaseOf(target.version)
    const release =
      request.release ??
      ofTarget ??
      (request.nginx === null ? null : await releaseNamed(request.nginx, world.disk))
    if (release === null) {
      throw new UsageError('the release of nginx is not set', {
        help: 'set it: sessctl build-nginx 1.26.3',
      })
    }
    if (ofTarget !== null && request.forNginx !== null && release !== ofTarget) {
      throw new BuildError(
        `${request.forNginx} is nginx ${ofTarget}, and does not load modules for nginx ${release}`,
        { help: 'remove the version: it is read from the binary' },
      )
    }
    const written = target?.configureArguments ?? ''
    const inheritedWords = printedArguments(written) ?? []
    const host = await askHost(job, [...inheritedWords, ...request.flags])
    const series = await readSeries(world)
    const file = request.forNginx ?? request.like
    const installed = file === null ? null : await installedPackage(file, job)
    const refused =
      host.compiler === null
        ? new Map<string, string>()
        : await refusedOptions(written, host.compiler.command, job)
    const facts = { host, release, series, target, installed, refusedOptions: refused }
    const made = planBuild(request, facts)
    adviseAll(made, tools)
    await checkLocal(made, world)
    await checkOutputs(made, job)
    const modules = made.moduleNames.length === 0 ? 'no module' : made.moduleNames.join(', ')
    tools.say(`configure ${made.flags.join(' ')}`)
    return {
      value: { plan: made, host, target },
      summary: `nginx ${release}, ${made.target === 'modules' ? `${modules} for ${request.forNginx}` : `${modules} (${made.linkage})`}, ${host.compiler?.text ?? ''}`,
      isCached: false,
    }
  }
