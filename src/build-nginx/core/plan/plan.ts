import { atLeast, parseVersion } from '../../../core/model/version.ts'
import { mergeFlags } from '../configure/flags.ts'
import { type InheritedFlags, inheritFlags } from '../configure/like.ts'
import { type Form, formOf, packageFlags } from '../package/form.ts'
import { patchesFor, type Series, type SeriesPatch } from '../patches/series.ts'
import type { BuildRequest, StaticLibrary } from '../request.ts'
import { isMisread } from '../sources/parse.ts'
import type { Source } from '../sources/source.ts'
import { type Advice, error, note, warning } from './advice.ts'
import { compatibility } from './compat.ts'
import { type ExistingNginx, isDebianNginx, nginxSource, targetAdvice } from './existing-nginx.ts'
import type { Host } from './host.ts'
import { moduleAdvice } from './modules.ts'
import { missing, wantsPcre } from './needs.ts'

/** One thing a build is made from. */
export interface Input {
  /** As nginx.lock names it: `nginx`, `openssl`, `module:vts`. */
  readonly name: string
  readonly kind: 'nginx' | 'module' | StaticLibrary
  /** Its whole source. */
  readonly source: Source
  /** Of a module: where its file `config` is; empty: at the top. */
  readonly folder?: string
}

export interface BuildPlan {
  readonly release: string
  readonly inputs: readonly Input[]
  readonly seriesPatches: readonly SeriesPatch[]
  /** For configure, whole and in order. */
  readonly flags: readonly string[]
  /** `modules` builds shared objects only. */
  readonly target: 'nginx' | 'modules'
  readonly linkage: 'static' | 'dynamic'
  readonly moduleNames: readonly string[]
  /** What a package of it is. */
  readonly form: Form
  readonly inherited: InheritedFlags | null
  /** How routes are written for this nginx; null without jvm_route. */
  readonly routes: RouteSyntax | null
  readonly advice: readonly Advice[]
  /** What the host seems to lack, of the advice: it explains a failure of configure. */
  readonly lacking: readonly Advice[]
}

/** The hook patch adds a parameter to `server`; without it the module has a directive. */
export type RouteSyntax = 'server ADDRESS srun_id=ID;' | 'srun_id ID ADDRESS;'

const libraryFlags: Readonly<Record<StaticLibrary, string>> = {
  openssl: '--with-openssl',
  pcre: '--with-pcre',
  zlib: '--with-zlib',
}

const libraryNames = ['openssl', 'pcre', 'zlib'] as const

/** The folders of a build, as configure sees them: the same on every host. */
export const modulePath = (name: string, folder = ''): string =>
  `../modules/${name}${folder === '' ? '' : `/${folder}`}`
export const libraryPath = (name: StaticLibrary): string => `../lib/${name}`

/** The version that a source's name has in it; null when none. */
export const sourceVersion = (source: Source | null): string | null => {
  if (source === null) return null
  const text =
    source.kind === 'release'
      ? source.version
      : source.kind === 'git'
        ? source.ref
        : source.kind === 'local'
          ? source.path
          : source.kind === 'url'
            ? source.url
            : ''
  return /(\d+[._]\d+(?:[._]\d+)?)[a-z]?(?:[^\d]*$)/.exec(text)?.[1]?.replaceAll('_', '.') ?? null
}

const pcreOf = ({ libraries }: BuildRequest, { libraries: found }: Host, release: string) => {
  const given = sourceVersion(libraries.pcre)
  if (given !== null) {
    return { generation: atLeast(parseVersion(given), '10.0') ? 2 : 1, version: given } as const
  }
  // A source without a version in its name: configure will see.
  if (libraries.pcre !== null) return null
  const knowsPcre2 = atLeast(parseVersion(release), '1.21.5')
  if (knowsPcre2 && found.pcre2 !== null) return { generation: 2, version: found.pcre2 } as const
  if (found.pcre1 !== null) return { generation: 1, version: found.pcre1 } as const
  return found.pcre2 === null ? null : ({ generation: 2, version: found.pcre2 } as const)
}

const firstDynamic = '1.9.11'

const dynamicAdvice = (request: BuildRequest, release: string): readonly Advice[] => {
  if (request.linkage === 'static' || atLeast(parseVersion(release), firstDynamic)) return []
  return [
    error(
      `nginx ${release} cannot load modules: dynamic modules need nginx ${firstDynamic} or later`,
      'build with --static',
    ),
  ]
}

/** With the nginx that --for or --like names. */
export interface PlanFacts extends ExistingNginx {
  readonly host: Host
  readonly release: string
  readonly series: Series
  /** Options that the compiler refuses, with what it prints. */
  readonly refusedOptions: ReadonlyMap<string, string>
}

/** Options of another host, such as `-specs=/usr/lib/rpm/redhat/redhat-hardened-cc1`. */
const refusedAdvice = ({ refusedOptions, host }: PlanFacts): readonly Advice[] =>
  [...refusedOptions].map(([option, reason]) =>
    warning(
      `${option} is removed: ${host.compiler?.text ?? 'the compiler'} refuses it (${reason})`,
      'build on the distribution that this nginx comes from to keep it',
    ),
  )

/** All that can be said before anything is downloaded. */
export const planBuild = (request: BuildRequest, known: PlanFacts): BuildPlan => {
  const { host, release, series, target } = known
  const isForModules = request.forNginx !== null
  const inherited =
    target?.configureArguments == null
      ? null
      : inheritFlags(target.configureArguments, {
          isForModules,
          dropped: request.dropped,
          refused: known.refusedOptions,
        })
  const moduleFlag = request.linkage === 'static' ? '--add-module' : '--add-dynamic-module'
  const libraries = libraryNames.filter((name) => request.libraries[name] !== null)
  const given = mergeFlags(inherited?.flags ?? [], request.flags)
  const wanted = mergeFlags(
    isForModules ? [] : packageFlags(given, request.outputs),
    inherited?.flags ?? [],
    request.compiler === null ? [] : [`--with-cc=${request.compiler}`],
    libraries.map((name) => `${libraryFlags[name]}=${libraryPath(name)}`),
    request.flags,
  )
  const hasJvmRoute = request.modules.some(({ name }) => name === 'jvm_route')
  const patches = patchesFor(series, release).filter(
    // The nginx that is installed is what it is: its modules are built from the same sources.
    ({ kind }) => kind === 'compat' || (hasJvmRoute && !isForModules),
  )
  const pcre = wantsPcre(wanted) ? pcreOf(request, host, release) : null
  const { flags: optionFlags, advice } = compatibility({
    release,
    host,
    openssl:
      request.libraries.openssl === null
        ? host.libraries.openssl
        : sourceVersion(request.libraries.openssl),
    pcre,
    flags: wanted,
    hasJvmRoute,
    hasCompatPatch: patches.some(({ kind }) => kind === 'compat'),
  })
  const flags = mergeFlags(
    wanted,
    optionFlags.length === 0 ? [] : [`--with-cc-opt=${optionFlags.join(' ')}`],
    request.modules.map(({ name, folder }) => `${moduleFlag}=${modulePath(name, folder)}`),
  )
  const lacking = missing(release, wanted, host)
  const isPatched = patches.some(({ kind }) => kind === 'hook')
  const lacksPatch = hasJvmRoute && !isForModules && !isPatched
  const isDebian = known.installed?.manager === 'dpkg' && isDebianNginx(known)
  const kind = isForModules ? 'modules' : 'nginx'
  const form = formOf(kind, flags, isDebian, request.outputs)
  const { source, advice: sourceAdvice } = nginxSource(request, known, known.release)
  return {
    release,
    inputs: [
      { name: 'nginx', kind: 'nginx', source },
      ...libraries.flatMap((name) => {
        const source = request.libraries[name]
        return source === null ? [] : [{ name, kind: name, source }]
      }),
      ...request.modules.map(({ name, source, folder }) => ({
        name: `module:${name}`,
        kind: 'module' as const,
        source,
        folder,
      })),
    ],
    seriesPatches: patches,
    flags,
    target: kind,
    form: isMisread(form) ? 'service' : form.form,
    linkage: request.linkage,
    moduleNames: request.modules.map(({ name }) => name),
    inherited,
    lacking,
    routes: !hasJvmRoute ? null : isPatched ? 'server ADDRESS srun_id=ID;' : 'srun_id ID ADDRESS;',
    advice: [
      ...dynamicAdvice(request, release),
      ...moduleAdvice(request, wanted),
      ...targetAdvice(request, target),
      ...sourceAdvice,
      ...(isMisread(form) ? [error(`--output: ${form.misread}`, form.help)] : []),
      ...refusedAdvice(known),
      ...lacking,
      ...advice,
      ...(lacksPatch
        ? [
            note(
              `sessctl has no patch for nginx ${release}: routes are written as "srun_id ID ADDRESS;"`,
              'in the spec: targets.nginx.unpatched: true',
            ),
          ]
        : []),
    ],
  }
}
