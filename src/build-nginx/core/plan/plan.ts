import { atLeast, parseVersion } from '../../../core/model/version.ts'
import type { NginxFacts } from '../abi/read.ts'
import { mergeFlags } from '../configure/flags.ts'
import { type InheritedFlags, inheritFlags } from '../configure/like.ts'
import { patchesFor, type Series, type SeriesPatch } from '../patches/series.ts'
import type { BuildRequest, StaticLibrary } from '../request.ts'
import type { Source } from '../sources/source.ts'
import { type Advice, error, note, warning } from './advice.ts'
import { compatibility } from './compat.ts'
import type { Host } from './host.ts'
import { missing, wantsPcre } from './needs.ts'

/** One thing a build is made from. */
export interface Input {
  /** As nginx.lock names it: `nginx`, `openssl`, `module:vts`. */
  readonly name: string
  readonly kind: 'nginx' | 'module' | StaticLibrary
  readonly source: Source
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
  readonly inherited: InheritedFlags | null
  readonly advice: readonly Advice[]
}

const libraryFlags: Readonly<Record<StaticLibrary, string>> = {
  openssl: '--with-openssl',
  pcre: '--with-pcre',
  zlib: '--with-zlib',
}

const libraryNames = ['openssl', 'pcre', 'zlib'] as const

/** The folders of a build, as configure sees them: the same on every host. */
export const modulePath = (name: string): string => `../modules/${name}`
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

const targetAdvice = (request: BuildRequest, target: NginxFacts | null): readonly Advice[] => {
  if (request.forNginx === null || target === null) return []
  if (target.configureArguments === null) {
    return [
      error(`${request.forNginx} has no configure arguments in it`, 'append its flags after --'),
    ]
  }
  if (inheritFlags(target.configureArguments, true) !== null) return []
  return [error(`the configure arguments of ${request.forNginx} cannot be split into words`, null)]
}

export interface Known {
  readonly host: Host
  readonly release: string
  readonly series: Series
  /** Of the nginx that --for or --like names. */
  readonly target: NginxFacts | null
  /** Of Debian's source package that this nginx was built from; null where dpkg does not know it. */
  readonly revision: string | null
}

/** Debian and Ubuntu build in /build; their patches change structs, so their sources are needed. */
const isOfDebian = (target: NginxFacts | null): boolean =>
  /-prefix-map=\/build\/\S*nginx/.test(target?.configureArguments ?? '')

const revisionAdvice = ({ source, forNginx }: { source: Source; forNginx: string | null }) =>
  source.kind === 'nginx-dev' && source.revision === null
    ? [
        warning(
          `dpkg does not know ${forNginx}, so its Debian revision is unknown; the newest one of this release is used`,
          'a module built for another revision may crash nginx: compare nginx.lock with the package that this nginx comes from',
        ),
      ]
    : []

/** Where nginx comes from when nobody said. */
const nginxSource = (
  { nginx, forNginx }: BuildRequest,
  { release, target, revision }: Known,
): Source => {
  if (nginx !== null) return nginx
  return forNginx !== null && isOfDebian(target)
    ? { kind: 'nginx-dev', revision }
    : { kind: 'release', version: release }
}

/** All that can be said before anything is downloaded. */
export const planBuild = (request: BuildRequest, known: Known): BuildPlan => {
  const { host, release, series, target } = known
  const isForModules = request.forNginx !== null
  const inherited =
    target?.configureArguments == null
      ? null
      : inheritFlags(target.configureArguments, isForModules)
  const moduleFlag = request.linkage === 'static' ? '--add-module' : '--add-dynamic-module'
  const libraries = libraryNames.filter((name) => request.libraries[name] !== null)
  const wanted = mergeFlags(
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
    request.modules.map(({ name }) => `${moduleFlag}=${modulePath(name)}`),
  )
  const lacksPatch = hasJvmRoute && !isForModules && !patches.some(({ kind }) => kind === 'hook')
  const source = nginxSource(request, known)
  return {
    release,
    inputs: [
      { name: 'nginx', kind: 'nginx', source },
      ...libraries.flatMap((name) => {
        const source = request.libraries[name]
        return source === null ? [] : [{ name, kind: name, source }]
      }),
      ...request.modules.map(({ name, source }) => ({
        name: `module:${name}`,
        kind: 'module' as const,
        source,
      })),
    ],
    seriesPatches: patches,
    flags,
    target: isForModules ? 'modules' : 'nginx',
    linkage: request.linkage,
    moduleNames: request.modules.map(({ name }) => name),
    inherited,
    advice: [
      ...dynamicAdvice(request, release),
      ...targetAdvice(request, target),
      ...revisionAdvice({ source, forNginx: request.forNginx }),
      ...missing(release, wanted, host),
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
