import type { NginxInclude, NginxStatement } from '../../../config/nginx/files.ts'
import type { Findings } from '../../../diagnostics/findings.ts'
import { report } from './codes.ts'
import type { Base } from './open.ts'

const blocksOf = (base: Base, name: string): readonly NginxStatement[] =>
  base.upstreams.get(name.toLowerCase()) ?? []

/** The first statement or word of a template language in a block; null: there is none. */
const templateIn = (
  base: Base,
  block: NginxStatement,
): readonly [path: string, at: number] | null => {
  const statements = [block, ...base.childrenOf(block.directive)]
  for (const { path, directive } of statements) {
    const { isTemplate, tokens } = base.documentOf(path)
    if (!isTemplate) continue
    const found = tokens.find(
      ({ kind, start, end, value }) =>
        directive.start <= start &&
        end <= directive.end &&
        (kind === 'opaque' || (kind === 'word' && /\{\{|\{%|<%|\$\{\w/.test(value))),
    )
    if (found !== undefined) return [path, found.start]
  }
  return null
}

/** An `include` in a block whose file is not known; null: there is none. */
const unreadIn = (base: Base, { path, directive }: NginxStatement): NginxInclude | null =>
  base.files.includes
    .get(path)
    ?.find(
      ({ directive: { start }, paths }) =>
        paths.length === 0 && directive.start < start && start < directive.end,
    ) ?? null

/** The block of an upstream; null: there is none, or it cannot be edited, which is reported. */
export const findBlock = (
  base: Base,
  name: string,
  findings: Findings,
): { readonly block: NginxStatement | null; readonly isRefused: boolean } => {
  const [block = null, second] = blocksOf(base, name)
  if (block === null) return { block, isRefused: false }
  const template = templateIn(base, block)
  const unread = unreadIn(base, block)
  if (second !== undefined) {
    const at = base.at(second.path, second.directive.start)
    const message = `upstream "${name}" is defined a second time here`
    report(findings, 'nginx-base-twice', at, message, 'remove one of the two blocks')
  }
  if (template !== null)
    report(
      findings,
      'nginx-base-template',
      base.at(...template),
      `upstream "${name}" contains a statement of a template language: its servers are not known`,
      'render the template, and name the result as "base"; or write the servers into the file',
    )
  if (unread !== null)
    report(
      findings,
      'nginx-base-invalid',
      base.at(block.path, unread.directive.start),
      `upstream "${name}" includes "${unread.pattern ?? 'a file'}", which was not read: its servers are not known`,
      'put the file next to the base, or allow it with --allow-outside',
    )
  return { block, isRefused: second !== undefined || template !== null || unread !== null }
}

/** Patterns of included files that may have blocks, and that were not read. */
export const unreadPatterns = ({ files }: Base): readonly string[] =>
  [...files.includes.values()]
    .flat()
    .flatMap(({ paths, pattern }) =>
      paths.length > 0 || pattern === null || /mime\.types$|_params$|modules/.test(pattern)
        ? []
        : [pattern],
    )
