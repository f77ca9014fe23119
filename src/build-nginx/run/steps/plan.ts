import { BuildError, UsageError } from '../../../errors.ts'
import { type NginxFacts, readNginx, releaseOf } from '../../core/abi/read.ts'
import { parseFlag } from '../../core/configure/flags.ts'
import { inheritFlags } from '../../core/configure/like.ts'
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
import { knownModules } from '../../core/sources/modules.ts'
import type { StepTools, StepWork } from '../engine.ts'
import { buildEnv, type Job } from '../job.ts'
import { checkDestination } from '../package/owned.ts'
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
  const macros = (include: string) =>
    compiler === null ? null : said(command, headerQuestion(include, search))
  const [crypt, ...texts] = await Promise.all([
    macros(cryptHeader),
    ...questions.map(({ include }) => macros(include)),
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

/** The version of the source package whose file this is; null where no package of dpkg owns it. */
const installedRevision = async (file: string, job: Job): Promise<string | null> => {
  const options = { env: buildEnv(job), isIsolated: true }
  const said = async (args: readonly string[]): Promise<string | null> => {
    const result = await job.context.exec.run('dpkg-query', args, options)
    return result?.exitCode === 0 ? result.stdout : null
  }
  const owner = /^([a-z0-9][a-z0-9+.-]*)(?::[a-z0-9-]+)?: /m.exec(
    (await said(['--search', file])) ?? '',
  )?.[1]
  if (owner === undefined) return null
  const format = ['source:Package', 'source:Version'].map((field) => `\${${field}}`).join(' ')
  const shown = await said(['--show', `--showformat=${format}`, owner])
  const [name, version] = (shown ?? '').split(' ')
  return name === 'nginx' && version !== undefined ? version : null
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
    const likeFlags =
      target?.configureArguments == null
        ? []
        : (inheritFlags(target.configureArguments, false)?.flags ?? [])
    const host = await askHost(job, [...likeFlags, ...request.flags])
    const series = await readSeries(world)
    const revision =
      request.forNginx === null ? null : await installedRevision(request.forNginx, job)
    const made = planBuild(request, { host, release, series, target, revision })
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
