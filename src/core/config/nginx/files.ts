import { byBytes, folderOf, globMatches, hasWildcard, pathBelow } from '../glob.ts'
import type { Reading } from './lexer.ts'
import { allDirectives, type Directive, type NginxDocument, readNginx } from './tree.ts'

/** What is wrong with the files as a whole: at an `include`. */
export interface IncludeProblem {
  readonly path: string
  /** An offset in the text of the file. */
  readonly at: number
  readonly message: string
}

/** An `include` directive and what it names. */
export interface NginxInclude {
  readonly directive: Directive
  /** Complete and without `..`; null: the path contains a placeholder of a template. */
  readonly pattern: string | null
  /** The files among those that were given, in the order in which nginx reads them. */
  readonly paths: readonly string[]
}

/** A configuration with the files that it includes. */
export interface NginxFiles {
  readonly main: string
  /** The files that are read, each once, by their paths. */
  readonly files: ReadonlyMap<string, NginxDocument>
  /** The includes of each file, by its path, in the order of its text. */
  readonly includes: ReadonlyMap<string, readonly NginxInclude[]>
  readonly problems: readonly IncludeProblem[]
}

/** Where packages put nginx.conf: a copy of that folder elsewhere still names it. */
const usualFolders = ['/etc/nginx/', '/usr/local/nginx/conf/', '/usr/local/openresty/nginx/conf/']

/** A path of an include, complete; one in the usual folder of nginx is next to the main file. */
const completed = (folder: string, path: string): string => {
  const usual = usualFolders.find((each) => path.startsWith(each))
  const isElsewhere = usual !== undefined && !`${folder}/`.startsWith(usual)
  return pathBelow(folder, isElsewhere ? path.slice(usual.length) : path)
}

const isUnknown = (path: string): boolean => /\{\{|\{%|<%|\$\{/.test(path)

/** The includes of one file. @param folder of the main file: nginx completes relative paths with it. */
const includesOf = (
  { directives }: NginxDocument,
  folder: string,
  known: ReadonlySet<string>,
): readonly NginxInclude[] =>
  allDirectives(directives).flatMap(({ directive }): readonly NginxInclude[] => {
    const [path] = directive.args
    if (directive.name !== 'include' || path === undefined || directive.block !== null) return []
    if (isUnknown(path)) return [{ directive, pattern: null, paths: [] }]
    const pattern = completed(folder, path)
    const paths = hasWildcard(pattern)
      ? [...known].filter((each) => globMatches(pattern, each))
      : known.has(pattern)
        ? [pattern]
        : []
    return [{ directive, pattern, paths }]
  })

/** nginx itself ends earlier, when it has no file descriptors left. */
const mostVisits = 10_000
const mostLevels = 100

/**
 * Reads a configuration with the files that it includes, as nginx would find them among the given ones.
 * An include that leads back to its own file is a problem and is not followed.
 * @param main the path of nginx.conf, or of a file that it includes in `http`.
 * @param given the content of files by their paths: absolute ones, or relative ones as nginx completes
 * them. A file that no `include` names is not read.
 */
export const readNginxFiles = (
  main: string,
  given: ReadonlyMap<string, Uint8Array>,
  reading?: Reading,
): NginxFiles => {
  const byPath = new Map([...given].map(([path, bytes]) => [pathBelow('', path), bytes] as const))
  const known = new Set([...byPath.keys()].sort(byBytes))
  const files = new Map<string, NginxDocument>()
  const includes = new Map<string, readonly NginxInclude[]>()
  const problems: IncludeProblem[] = []
  /** How many files nginx opens for each file: itself, and those that it includes. */
  const visits = new Map<string, number>()
  const first = pathBelow('', main)
  const folder = folderOf(first)
  /** Files whose includes are being followed, from the main file on. */
  const open = new Set<string>()
  const visit = (path: string): void => {
    const bytes = byPath.get(path)
    if (bytes === undefined || files.has(path)) return
    const document = readNginx(bytes, reading)
    files.set(path, document)
    open.add(path)
    let count = 1
    const followed = includesOf(document, folder, known).map((include): NginxInclude => {
      const { directive, pattern } = include
      const refuse = (message: string): false => {
        problems.push({ path, at: directive.start, message })
        return false
      }
      if (pattern !== null && include.paths.length === 0 && !hasWildcard(pattern))
        refuse(`the file "${pattern}" was not read`)
      const paths = include.paths.filter((each) => {
        if (open.has(each)) return refuse(`"${each}" includes this file, and is included here`)
        if (open.size >= mostLevels) return refuse(`more than ${mostLevels} includes in each other`)
        visit(each)
        const more = visits.get(each) ?? 0
        if (count + more > mostVisits) return refuse(`more than ${mostVisits} files are included`)
        count += more
        return true
      })
      return { ...include, paths }
    })
    includes.set(path, followed)
    visits.set(path, count)
    open.delete(path)
  }
  visit(first)
  return { main: first, files, includes, problems }
}

/** The paths and patterns that the includes of a file name, complete; to be read or listed next. */
export const nginxIncludePatterns = (main: string, document: NginxDocument): readonly string[] => [
  ...new Set(
    includesOf(document, folderOf(pathBelow('', main)), new Set()).flatMap(
      ({ pattern }) => pattern ?? [],
    ),
  ),
]

/** A directive with its file, and the blocks it is in, from the outside in. */
export interface NginxStatement {
  readonly directive: Directive
  readonly path: string
  readonly within: readonly Directive[]
}

/**
 * All directives in the order in which nginx reads them: those of an included file in the place of the
 * `include`, as often as it is included.
 */
export const nginxStatements = ({
  main,
  files,
  includes,
}: NginxFiles): readonly NginxStatement[] => {
  const all: NginxStatement[] = []
  const read = (
    path: string,
    directives: readonly Directive[],
    included: ReadonlyMap<Directive, NginxInclude>,
    within: readonly Directive[],
  ): void => {
    for (const directive of directives) {
      const include = included.get(directive)
      if (include === undefined) all.push({ directive, path, within })
      for (const each of include?.paths ?? []) visit(each, within)
      if (directive.block !== null)
        read(path, directive.block.children, included, [...within, directive])
    }
  }
  const visit = (path: string, within: readonly Directive[]): void => {
    const own = new Map((includes.get(path) ?? []).map((each) => [each.directive, each]))
    read(path, files.get(path)?.directives ?? [], own, within)
  }
  visit(main, [])
  return all
}
