import type { Elf } from './elf.ts'

/** Why the dynamic linker would refuse a module. */
export type LinkProblem =
  | {
      readonly reason: 'library'
      readonly library: string
      /** The library that needs it; null: the module itself. */
      readonly neededBy: string | null
    }
  | { readonly reason: 'library-version'; readonly library: string; readonly version: string }
  | {
      readonly reason: 'symbols'
      readonly symbols: readonly string[]
      /** The file that defines the first of them: one that is loaded later, or a well-known module. */
      readonly definedBy: string | null
      readonly isLater: boolean
    }

/** A file that nginx loads. */
export interface LoadedFile {
  readonly file: string
  readonly elf: Elf
}

/** Shared libraries by the names by which they are needed; null: not found. */
export type Libraries = ReadonlyMap<string, Elf | null>

/** Modules that others depend on, by the prefix of their symbols. */
const wellKnown: readonly (readonly [prefix: string, file: string])[] = [
  ['ndk_', 'ndk_http_module.so'],
  ['ngx_stream_', 'ngx_stream_module.so'],
  ['ngx_mail_', 'ngx_mail_module.so'],
  ['ngx_http_lua_', 'ngx_http_lua_module.so'],
]

/** Symbols that only nginx and its modules define, never a library. */
const ofNginx = /^(ngx|ndk)_/

interface Closure {
  readonly found: ReadonlyMap<string, Elf>
  readonly missing: ReadonlyMap<string, string | null>
}

/** All libraries that some files need, directly and through other libraries. */
const closureOf = (roots: readonly Elf[], libraries: Libraries): Closure => {
  const found = new Map<string, Elf>()
  const missing = new Map<string, string | null>()
  const visit = ({ needed }: Elf, from: string | null): void => {
    for (const name of needed) {
      if (found.has(name) || missing.has(name)) continue
      const library = libraries.get(name) ?? null
      if (library === null) missing.set(name, from)
      else {
        found.set(name, library)
        visit(library, name)
      }
    }
  }
  for (const root of roots) visit(root, null)
  return { found, missing }
}

/** Whether the libraries of nginx itself are known: without them nothing can be said of a module's. */
export const canLink = (nginx: Elf, libraries: Libraries): boolean =>
  nginx.needed.length > 0 && closureOf([nginx], libraries).missing.size === 0

const symbolProblem = (
  symbols: readonly string[],
  later: readonly LoadedFile[],
): readonly LinkProblem[] => {
  const [first] = symbols
  if (first === undefined) return []
  const definer = later.find(({ elf }) => elf.defined.has(first))?.file ?? null
  const known = wellKnown.find(([prefix]) => first.startsWith(prefix))?.[1] ?? null
  return [{ reason: 'symbols', symbols, definedBy: definer ?? known, isLater: definer !== null }]
}

/**
 * What the dynamic linker would say to a module: nginx loads it with RTLD_NOW and RTLD_GLOBAL, so that
 * every symbol must be defined by nginx, by a module that was loaded before, by a library of one of
 * them, or by one of its own.
 */
export const linkProblems = (
  nginx: Elf,
  modules: readonly LoadedFile[],
  index: number,
  libraries: Libraries,
): readonly LinkProblem[] => {
  const own = modules[index]?.elf
  if (own === undefined) return []
  const loaded = [nginx, ...modules.slice(0, index).map(({ elf }) => elf), own]
  const { found, missing } = closureOf(loaded, libraries)
  const mine = closureOf([own], libraries).missing
  const absent = [...missing]
    .filter(([library]) => mine.has(library))
    .map(([library, neededBy]): LinkProblem => ({ reason: 'library', library, neededBy }))
  const versions = own.neededVersions.flatMap(({ library, version }): readonly LinkProblem[] => {
    const defined = found.get(library)?.definedVersions
    return defined === undefined || defined.size === 0 || defined.has(version)
      ? []
      : [{ reason: 'library-version', library, version }]
  })
  const scope = [...loaded, ...found.values()]
  const unresolved = own.undefined.filter((name) => !scope.some(({ defined }) => defined.has(name)))
  // A library that is not found may define the others.
  const certain = absent.length === 0 ? unresolved : unresolved.filter((name) => ofNginx.test(name))
  return [...absent, ...versions, ...symbolProblem(certain, modules.slice(index + 1))]
}

/**
 * The order in which nginx can load modules: each after those whose symbols it needs (stream_geoip
 * after stream), else as given.
 */
export const loadOrder = (modules: readonly LoadedFile[]): readonly string[] => {
  const ordered = new Set<LoadedFile>()
  const visited = new Set<LoadedFile>()
  const visit = (module: LoadedFile): void => {
    if (visited.has(module)) return
    visited.add(module)
    for (const name of module.elf.undefined) {
      const definer = modules.find(({ elf }) => elf.defined.has(name))
      if (definer !== undefined) visit(definer)
    }
    ordered.add(module)
  }
  for (const module of modules) visit(module)
  return [...ordered].map(({ file }) => file)
}
