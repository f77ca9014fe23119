import {
  type NginxFiles,
  type NginxStatement,
  nginxStatements,
  readNginxFiles,
} from '../../../config/nginx/files.ts'
import type { Directive, NginxDocument } from '../../../config/nginx/tree.ts'
import type { Place } from '../../../diagnostics/diagnostic.ts'
import type { Findings } from '../../../diagnostics/findings.ts'
import type { ConfigFiles } from '../../dialect.ts'
import { placesIn } from '../../edited-files.ts'
import { report } from './codes.ts'

/** An existing configuration that is edited in place, with the files that it includes. */
export interface Base {
  /** Of the main file, as written in the spec. */
  readonly file: string
  readonly files: NginxFiles
  readonly statements: readonly NginxStatement[]
  /** The `upstream` blocks at the http level, by their names in lower case. */
  readonly upstreams: ReadonlyMap<string, readonly NginxStatement[]>
  /** The directives that pass requests on, by the name that they pass to, in lower case. */
  readonly passes: ReadonlyMap<string, readonly NginxStatement[]>
  /** The directives in a block, those of included files in their place. */
  readonly childrenOf: (block: Directive) => readonly NginxStatement[]
  /** Whether a directive is in `http`, or in a file that is included there. */
  readonly isInHttp: (statement: NginxStatement) => boolean
  readonly documentOf: (path: string) => NginxDocument
  readonly at: (path: string, offset: number) => Place
}

const groupedBy = (
  statements: readonly NginxStatement[],
  keyOf: (statement: NginxStatement) => string | null,
): ReadonlyMap<string, readonly NginxStatement[]> => {
  const groups = new Map<string, NginxStatement[]>()
  for (const statement of statements) {
    const key = keyOf(statement)?.toLowerCase()
    if (key === undefined) continue
    const known = groups.get(key)
    if (known === undefined) groups.set(key, [statement])
    else known.push(statement)
  }
  return groups
}

const passing = /^(?:proxy|fastcgi|uwsgi|scgi|grpc|memcached)_pass$/

/** The host of a `proxy_pass`, without protocol, port and path. */
const passedTo = ({ directive: { args, name } }: NginxStatement): string | null =>
  passing.test(name) ? (/^(?:\w+:\/\/)?([^/:]*)/.exec(args[0] ?? '')?.[1] ?? '') : null

/** @returns null if a file cannot be edited, which is reported. */
export const openBase = (
  file: string,
  { main, files: given }: ConfigFiles,
  findings: Findings,
): Base | null => {
  const files = readNginxFiles(main, given)
  const at = placesIn(file, files.files)
  const invalid = [...files.files].flatMap(([path, { problems }]) =>
    problems.slice(0, 1).map((problem) => ({ path, ...problem })),
  )
  const circles = files.problems.filter(({ message }) => !message.endsWith('was not read'))
  for (const problem of [...invalid, ...circles])
    report(
      findings,
      'nginx-base-invalid',
      at(problem.path, problem.at),
      problem.message,
      'correct the mistake, which nginx -t reports, too',
    )
  if (invalid.length + circles.length > 0) return null
  const statements = nginxStatements(files)
  const children = new Map<Directive, NginxStatement[]>()
  for (const statement of statements) {
    const parent = statement.within.at(-1)
    if (parent === undefined) continue
    const known = children.get(parent)
    if (known === undefined) children.set(parent, [statement])
    else known.push(statement)
  }
  const isWhole = statements.some(
    ({ directive: { name }, within }) =>
      within.length === 0 && (name === 'http' || name === 'events'),
  )
  const isInHttp = ({ within }: NginxStatement): boolean =>
    isWhole ? within.length === 1 && within[0]?.name === 'http' : within.length === 0
  return {
    file,
    files,
    statements,
    upstreams: groupedBy(statements, (one) => {
      const { args, block, name } = one.directive
      return isInHttp(one) && name === 'upstream' && block !== null ? (args[0] ?? null) : null
    }),
    passes: groupedBy(statements, passedTo),
    childrenOf: (block) => children.get(block) ?? [],
    isInHttp,
    documentOf: (path) => {
      const document = files.files.get(path)
      if (document === undefined) throw new TypeError(`${path} was not read`)
      return document
    },
    at,
  }
}
