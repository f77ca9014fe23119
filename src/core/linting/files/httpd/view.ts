import type { HttpdMember, HttpdParameter } from '../../../config/httpd/balancer-lines.ts'
import { type HttpdHost, httpdHosts } from '../../../config/httpd/balancers.ts'
import { setCookies } from '../../../config/httpd/set-cookies.ts'
import {
  allStatements,
  type HttpdFiles,
  type HttpdStatement,
} from '../../../config/httpd/statements.ts'
import type { Place } from '../../../diagnostics/diagnostic.ts'
import type { ConfigFile } from '../config-file.ts'

/** A configuration of httpd: a file that no other given one includes, and its includes. */
export interface HttpdFile {
  readonly files: HttpdFiles
  readonly hosts: readonly HttpdHost[]
  /** By paths. */
  readonly sources: ReadonlyMap<string, ConfigFile>
}

export const httpdFile = (
  files: HttpdFiles,
  sources: ReadonlyMap<string, ConfigFile>,
): HttpdFile => ({ files, sources, hosts: httpdHosts(files.statements) })

/** All directives, as httpd executes them. */
export const allOf = ({ files }: HttpdFile): readonly HttpdStatement[] =>
  allStatements(files.statements)

/** A balancer as the hosts use it that have the same members. */
export interface Balancer {
  readonly name: string
  readonly members: readonly HttpdMember[]
  /** The parameters `stickysession` that apply, in the balancer or in a ProxyPass to it. */
  readonly sticky: readonly HttpdParameter[]
}

/** The balancers, each once. Members may be in files that were not given. */
export const balancersOf = ({ hosts }: HttpdFile): readonly Balancer[] => {
  const found = new Map<HttpdStatement | string, Balancer>()
  for (const { name, members, parameters } of hosts.flatMap(({ balancers }) => balancers)) {
    const key = members[0]?.statement ?? name
    const known = found.get(key) ?? { name, members, sticky: [] }
    const own = parameters.filter((parameter) => parameter.name === 'stickysession')
    const sticky = [...new Set([...known.sticky, ...own])]
    found.set(key, { ...known, sticky })
  }
  return [...found.values()]
}

/** Which word of its directive a parameter is; the first one, where a macro gives words to others. */
export const wordOf = ({ argument, statement }: HttpdParameter): number =>
  statement.directive.args.length === statement.args.length ? argument + 1 : 0

export const placeOfWord = (
  { files, sources }: HttpdFile,
  { directive, path }: HttpdStatement,
  word = 0,
): Place => {
  const source = sources.get(path) ?? sources.get(files.main)
  if (source === undefined) throw new TypeError(`${path} was not read`)
  const found = directive.words[word] ?? directive.words[0]
  return source.at(found?.start ?? directive.start, found?.end ?? directive.start)
}

export const routeOf = ({ parameters }: HttpdMember): HttpdParameter | null =>
  parameters.findLast(({ name }) => name === 'route') ?? null

/** A placeholder of a template, or a variable that the files do not define. */
const isUnknown = (text: string): boolean => /\$\{|\{\{|\{%|<%|%\(\w+\)s|@\w+@/.test(text)

/** Members that get requests, and whose words are all known. */
export const activeMembers = ({ members }: Balancer): readonly HttpdMember[] =>
  members.filter(
    ({ parameters, statement }) =>
      !statement.args.some(isUnknown) &&
      !parameters.some(({ name, value }) => name === 'status' && /^\+?[HD]/i.test(value)),
  )

/** A cookie that httpd sets to the route of a server. */
export interface AffinityCookie {
  readonly name: string
  readonly statement: HttpdStatement
  /** The index of its word. */
  readonly word: number
}

export const setAffinityCookies = ({ files }: HttpdFile): readonly AffinityCookie[] =>
  setCookies(files.statements).flatMap(({ argument, isRoute, name, statement }) => {
    const { args, directive } = statement
    const word = directive.args.length === args.length ? argument + 1 : 0
    return isRoute ? [{ name, statement, word }] : []
  })
