import { resolve } from 'node:path'
import type { ArgsOf, Words } from '../../commands/define.ts'
import type { Context } from '../../context.ts'
import { holdsLogin } from '../../core/secrets/login.ts'
import { UsageError } from '../../errors.ts'
import type { buildNginxOptions } from '../command.ts'
import { type Environment, environmentOf, parseVariable } from '../core/environment.ts'
import type { Level } from '../core/lock/lock.ts'
import { type Destination, parseDestination } from '../core/package/destination.ts'
import type { BuildRequest, NamedPatch, StaticLibrary } from '../core/request.ts'
import { knownModules } from '../core/sources/known/index.ts'
import { type ModuleSource, parseModule } from '../core/sources/modules.ts'
import { inOrder } from '../core/sources/order.ts'
import { isMisread, type Misread, parseSource } from '../core/sources/parse.ts'
import type { Source } from '../core/sources/source.ts'
import type { BuildSection } from './build-section.ts'

export type Args = ArgsOf<typeof buildNginxOptions>

const opensslMirror = 'https://github.com/openssl/openssl/releases/download'

const understood = <T extends object>(option: string, read: T | Misread): T => {
  if (isMisread(read)) throw new UsageError(`${option}: ${read.misread}`, { help: read.help })
  return read
}

/** Paths begin where the user stands, or where the spec that names them does. */
const located = (source: Source, folder: string): Source =>
  source.kind === 'local' ? { kind: 'local', path: resolve(folder, source.path) } : source

const debianNames: Readonly<Record<StaticLibrary, string>> = {
  openssl: 'openssl',
  pcre: 'pcre2',
  zlib: 'zlib',
}

const releasePattern = /^\d{1,4}\.\d{1,4}\.\d{1,4}$/

const releaseOf = (words: Words, section: BuildSection): string | null => {
  const [written = null] = words.operands
  const release = written ?? section.release
  if (release === null || releasePattern.test(release)) return release
  throw new UsageError(`${release} is not a release of nginx`, {
    help: 'write all three numbers, for example 1.26.3',
  })
}

const moduleOf = (text: string, folder: string): ModuleSource => {
  const read = understood('--module', parseModule(text))
  return { ...read, source: located(read.source, folder) }
}

const modulesOf = (args: Args, section: BuildSection, cwd: string): readonly ModuleSource[] => {
  const [texts, folder] =
    args.module.length > 0 ? [args.module, cwd] : [section.modules ?? ['jvm_route'], section.folder]
  const modules = texts.filter((text) => text !== 'none').map((text) => moduleOf(text, folder))
  const twice = modules.find(
    ({ name }, at) => modules.findIndex((other) => other.name === name) !== at,
  )
  if (twice !== undefined)
    throw new UsageError(`two modules have the name ${twice.name}`, {
      help: `rename one with NAME=SOURCE; known names are jvm_route, ${Object.keys(knownModules).join(', ')}`,
    })
  return inOrder(modules)
}

const environmentFrom = (texts: readonly string[]): Environment =>
  environmentOf(
    texts.map((text) => {
      const read = parseVariable(text)
      if ('misread' in read) throw new UsageError(`--env: ${read.misread}`, { help: read.help })
      return read
    }),
  )

const patchOf = (
  text: string,
  modules: readonly ModuleSource[],
  folder: string,
  outside: ReadonlySet<string>,
): NamedPatch => {
  const [module = '', ...file] = text.split(':')
  const path = resolve(folder, text)
  const isModules = file.length > 0 && modules.some(({ name }) => name === module)
  if (isModules && /(^|\/)\.\.(\/|$)|^\//.test(file.join(':')))
    throw new UsageError(`--patch ${text}: the file is not in the folder of the module ${module}`, {
      help: 'name a file of the module, as in x:patches/y.patch, or the path of a patch',
    })
  return isModules
    ? { module, file: file.join(':'), isDiscreet: false }
    : { module: null, file: path, isDiscreet: outside.has(path) }
}

const jobsOf = (text: string | null, processors: number): number => {
  if (text === null) return processors
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text)
  throw new UsageError(`--jobs: expected a number of compiler processes, found ${text}`, {
    help: 'set a number from 1 to 999',
  })
}

const revisionOf = (text: string): number => {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text)
  throw new UsageError(`--revision: expected a number from 1 to 999999, found ${text}`)
}

const mirrorOf = (url: string): string => {
  if (holdsLogin(url))
    throw new UsageError('--mirror: the URL has a user or a password', {
      help: 'use a mirror without a login',
    })
  if (/^https:\/\/[^\s?#]+$/.test(url)) return url.replace(/\/+$/, '')
  throw new UsageError(`--mirror: expected an https URL, found ${url}`, {
    help: 'use an https URL: signatures verify the file, https verifies the server',
  })
}

const outputsOf = (texts: readonly string[], cwd: string): readonly Destination[] => {
  const outputs = texts.map((text) => {
    const { kind, path } = understood('--output', parseDestination(text))
    return { kind, path: resolve(cwd, path) }
  })
  const twice = outputs.find(({ path }, at) => outputs.findIndex((one) => one.path === path) !== at)
  if (twice !== undefined) throw new UsageError(`--output ${twice.path} is given twice`)
  return outputs
}

/** They reach a Makefile and the lists of a package, both of which are read line by line. */
const flagsOf = (flags: readonly string[]): readonly string[] => {
  const odd = flags.find((flag) => /\p{Cc}/u.test(flag))
  if (odd !== undefined)
    throw new UsageError(`the flag ${JSON.stringify(odd)} has a control character`, {
      help: 'write each configure flag on one line',
    })
  // make install would leave the folder of the build through it.
  const outside = flags.find((flag) => /^--(prefix|[a-z-]+-path)=(.*\/)?\.\.(\/|$)/.test(flag))
  if (outside === undefined) return flags
  throw new UsageError(`the path in ${outside} has a ".." in it`, {
    help: 'write the path without ".."',
  })
}

const isLevel = (text: string): text is Level => ['pgp', 'sha256', 'commit', 'none'].includes(text)

/** What is asked for: options first, then the spec, then what is usual. */
export const requestOf = (
  args: Args,
  words: Words,
  section: BuildSection,
  { cwd }: Context,
  processors: number,
): BuildRequest => {
  if (args.static && args.dynamic) throw new UsageError('--static and --dynamic cannot be combined')
  if (args.for !== null && (args.static || args.like !== null))
    throw new UsageError(
      '--for builds modules for an installed nginx and cannot be combined with --static or --like',
    )
  if (args.drop.length > 0 && args.for === null && args.like === null)
    throw new UsageError('--drop removes flags of the nginx that --like or --for names', {
      help: 'add --like or --for, or remove the flag after --',
    })
  if (args.rebasePatch && (args.install || args.upgrade))
    throw new UsageError('--rebase-patch cannot be combined with --install or --upgrade', {
      help: 'build first, review the patch that is written, and use it with --patch',
    })
  const sourceFrom = (option: string, text: string | null, standard: string): Source | null =>
    text === null ? null : located(understood(option, parseSource(text, standard)), cwd)
  const fromSection = (text: string | null, standard: string): Source | null =>
    text === null ? null : located(understood('build', parseSource(text, standard)), section.folder)
  const library = (name: StaticLibrary): Source | null =>
    sourceFrom(`--${name}`, args[name], debianNames[name]) ??
    fromSection(section[name], debianNames[name])
  const modules = modulesOf(args, section, cwd)
  const isDynamic =
    args.dynamic || args.for !== null || (!args.static && section.linkage === 'dynamic')
  return {
    release: releaseOf(words, section),
    nginx: sourceFrom('--source', args.source, 'nginx') ?? fromSection(section.source, 'nginx'),
    modules,
    linkage: isDynamic ? 'dynamic' : 'static',
    forNginx: args.for === null ? null : resolve(cwd, args.for),
    like: args.like === null ? null : resolve(cwd, args.like),
    libraries: { openssl: library('openssl'), pcre: library('pcre'), zlib: library('zlib') },
    patches: [
      ...section.patches.map((text) => patchOf(text, modules, section.folder, section.outside)),
      ...args.patch.map((text) => patchOf(text, modules, cwd, new Set())),
    ],
    environment: environmentFrom([...section.env, ...args.env]),
    isUnpatchedAllowed: args.allowUnpatched,
    isRebased: args.rebasePatch,
    compiler: args.cc ?? section.compiler,
    dropped: args.drop,
    flags: flagsOf([...section.flags, ...words.rest]),
    jobs: jobsOf(args.jobs, processors),
    mirrors: { nginx: mirrorOf(args.mirror), openssl: opensslMirror },
    isOffline: args.offline,
    isUpdate: args.update,
    isFrozen: args.frozen,
    leastLevel: isLevel(args.minVerify) ? args.minVerify : 'none',
    outputs: outputsOf(args.output, cwd),
    revision: revisionOf(args.revision),
    isOverwrite: args.overwrite,
  }
}
