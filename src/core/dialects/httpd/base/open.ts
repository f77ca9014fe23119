import type { WrittenStatement } from '../../../config/edit/lines.ts'
import { type HttpdBalancer, type HttpdHost, httpdHosts } from '../../../config/httpd/balancers.ts'
import { readHttpdFiles } from '../../../config/httpd/files.ts'
import type { HttpdFiles, HttpdStatement } from '../../../config/httpd/statements.ts'
import type { HttpdDocument } from '../../../config/httpd/tree.ts'
import type { Place } from '../../../diagnostics/diagnostic.ts'
import type { Findings } from '../../../diagnostics/findings.ts'
import type { ConfigFiles } from '../../dialect.ts'
import { placesIn } from '../../edited-files.ts'
import { report } from './codes.ts'

/** An existing configuration that is edited in place, with the files that it includes. */
export interface Base {
  /** Of the main file, as written in the spec. */
  readonly file: string
  readonly files: HttpdFiles
  readonly hosts: readonly HttpdHost[]
  readonly documentOf: (path: string) => HttpdDocument
  readonly at: (path: string, offset: number) => Place
}

const isMissing = (message: string): boolean => /was not read$|^no file matches/.test(message)

/** @returns null if a file cannot be edited, which is reported. */
export const openBase = (
  file: string,
  { main, files: given }: ConfigFiles,
  findings: Findings,
): Base | null => {
  const files = readHttpdFiles(main, given)
  const at = placesIn(file, files.files)
  const invalid = [
    ...[...files.files].flatMap(([path, { problems }]) =>
      problems.slice(0, 1).map((problem) => ({ path, ...problem })),
    ),
    ...files.problems.filter(({ message }) => !isMissing(message)),
  ]
  for (const problem of invalid) {
    const help = 'correct the mistake, which apachectl -t reports, too'
    report(findings, 'httpd-base-invalid', at(problem.path, problem.at), problem.message, help)
  }
  if (invalid.length > 0) return null
  return {
    file,
    files,
    hosts: httpdHosts(files.statements),
    documentOf: (path) => {
      const document = files.files.get(path)
      if (document === undefined) throw new TypeError(`${path} was not read`)
      return document
    },
    at,
  }
}

/** A directive with the values that httpd reads; null: its words are not those of the file, as in a macro. */
export const writtenOf = ({ args, directive }: HttpdStatement): WrittenStatement | null => {
  const { words } = directive
  if (words.length !== args.length + 1) return null
  return {
    start: directive.start,
    end: directive.end,
    words: words.map(({ end, start, value }, index) => ({
      ...{ start, end },
      value: index === 0 ? value : (args[index - 1] ?? ''),
    })),
  }
}

/** The section that a directive is in; null: none. */
export const sectionOf = (
  statements: readonly HttpdStatement[],
  member: HttpdStatement,
): HttpdStatement | null => {
  for (const statement of statements) {
    const { children } = statement
    if (children === null) continue
    if (children.includes(member)) return statement
    const found = sectionOf(children, member)
    if (found !== null) return found
  }
  return null
}

/** The directives of the list that a directive is in. */
export const siblingsOf = (
  statements: readonly HttpdStatement[],
  statement: HttpdStatement,
): readonly HttpdStatement[] => {
  const section = sectionOf(statements, statement)
  return section?.children ?? statements
}

/** Whether a template language writes the member, or others of its section. */
const isTemplated = (base: Base, member: HttpdStatement): boolean => {
  const { isTemplate, text } = base.documentOf(member.path)
  if (!isTemplate) return false
  const section = sectionOf(base.files.statements, member)
  const isBalancer = section?.name === 'proxy' && section.path === member.path
  const { end, start } = (isBalancer ? section : member).directive
  return /\{\{|\{%|<%/.test(text.slice(start, end))
}

/** A balancer as each host has it. */
export const balancersOf = (base: Base, name: string): readonly HttpdBalancer[] =>
  base.hosts.flatMap(({ balancers }) => balancers.filter((one) => one.name === name.toLowerCase()))

/** The balancer of an upstream in the main server, else in the virtual host that has its members. */
export const findBalancer = (
  base: Base,
  name: string,
  findings: Findings,
): { readonly balancer: HttpdBalancer | null; readonly isRefused: boolean } => {
  const all = balancersOf(base, name)
  const [balancer = null, ...others] = all.filter(({ members }) => members.length > 0)
  if (balancer === null) return { balancer: all[0] ?? null, isRefused: false }
  const other = others.find(
    ({ members }) => members[0]?.statement !== balancer.members[0]?.statement,
  )?.members[0]
  if (other !== undefined) {
    const { directive, path } = other.statement
    const message = `balancer "${name}" has members in a second virtual host here`
    const help = 'give the balancers different names, or write one before the virtual hosts'
    report(findings, 'httpd-base-twice', base.at(path, directive.start), message, help)
  }
  const places = balancer.members.map(({ statement }) => statement)
  const inMacro = places.find(
    (one) =>
      writtenOf(one) === null ||
      isTemplated(base, one) ||
      places.some((two) => two !== one && two.directive === one.directive),
  )
  if (inMacro !== undefined) {
    report(
      findings,
      'httpd-base-template',
      base.at(inMacro.path, inMacro.directive.start),
      `balancer "${name}" is written by a template or a macro: its members are not known`,
      'render the template, and name the result as "base"; or write the members into the file',
    )
  }
  return { balancer, isRefused: other !== undefined || inMacro !== undefined }
}
