import { Edits } from '../../../config/edit/edits.ts'
import { atValue, type SpecPath } from '../../../diagnostics/diagnostic.ts'
import type { Findings } from '../../../diagnostics/findings.ts'
import { withoutEffect } from '../../../fields.ts'
import type { Cluster, Upstream } from '../../../model/cluster.ts'
import type { HttpdTarget } from '../../../model/target.ts'
import { snippetsOf } from '../../../snippets/all.ts'
import type { Inputs, Page } from '../../dialect.ts'
import { baseInput, checkNames, editedPage } from '../../edited-files.ts'
import { type Balancer, balancerOf } from '../balancers/index.ts'
import { memberLine } from '../balancers/lines.ts'
import type { Context } from '../context.ts'
import { httpdVariable } from '../quote.ts'
import { checkRest } from './checks.ts'
import { report } from './codes.ts'
import { editCookie } from './cookie.ts'
import { type Editing, insertAfter, note, written } from './editing.ts'
import { editExpression, expressionLine, withNameOfFile } from './expression.ts'
import { editMembers } from './members.ts'
import { findBalancer, openBase, sectionOf } from './open.ts'
import { isSetting } from './parameters.ts'
import { addSettings, editSettings, heldBy } from './settings.ts'
import { insertBlocks, siteOf } from './site.ts'

/** Fields that would be written outside of the balancers. */
const noteFields = (cluster: Cluster, findings: Findings): void => {
  const note = (path: SpecPath): void =>
    withoutEffect(findings, path, 'httpd', 'only the balancers of an existing file are written')
  for (const { path } of cluster.upstreams)
    for (const key of ['nextUpstream', 'documentRoot', 'tls']) note([...path, key])
  for (const { dialect, path } of snippetsOf(cluster)) if (dialect === 'httpd') note(path)
  if (cluster.targets.length > 1) return
  for (const { path } of cluster.frontends) note(path)
}

const newBlock = (
  balancer: Balancer,
  settings: readonly (readonly string[])[],
  cookie: string | null,
): readonly string[] => [
  ...(cookie === null ? [] : [cookie]),
  ...(balancer.checkExpression === null ? [] : [expressionLine(balancer.checkExpression)]),
  `<Proxy ${written([balancer.url])}>`,
  ...balancer.members.map((member) => {
    const { head, rest, secretVariable } = memberLine(member)
    const secret = secretVariable === null ? '' : ` "secret=${httpdVariable(secretVariable)}"`
    return `    BalancerMember ${written(head)}${secret} ${written(rest)}`
  }),
  ...settings.map((words) => `    ProxySet ${written(words)}`),
  '</Proxy>',
]

/** What the files get. */
interface Result {
  readonly added: (readonly string[])[]
  /** Files with a balancer of the spec. */
  readonly paths: Set<string>
}

const editOne = (editing: Editing, upstream: Upstream, context: Context, result: Result): void => {
  const { base, findings } = editing
  const { balancer: existing, isRefused } = findBalancer(base, upstream.name, findings)
  // Locations have time limits, which belong to the frontends.
  const withoutFrontends = { ...context.cluster, frontends: [] }
  const balancer = balancerOf(upstream, { ...context, cluster: withoutFrontends })
  if (isRefused) return
  const cookie = editCookie(editing, existing, balancer, upstream, context)
  const held = heldBy(base, upstream.name, existing)
  const settings = editSettings(editing, held, balancer)
  for (const { name, statement } of held.effective.flatMap(({ parameters }) => parameters))
    if (isSetting(name)) result.paths.add(statement.path)
  const [first] = existing?.members ?? []
  const last = existing?.members.at(-1)
  if (existing === null || first === undefined || last === undefined) {
    const site = siteOf(base)
    const at = base.at(site.path, Math.max(0, site.offset - 1))
    result.added.push(newBlock(balancer, settings, cookie))
    report(findings, 'httpd-base-added', at, `"<Proxy ${balancer.url}>" is added here`, null)
    checkRest(base, at, upstream, balancer, findings)
    return
  }
  for (const { statement } of existing.members) result.paths.add(statement.path)
  const named = withNameOfFile(balancer, existing)
  editExpression(editing, named, first.statement)
  editMembers(editing, existing, named, upstream)
  addSettings(editing, existing, settings, last.statement)
  if (cookie !== null) {
    const place = sectionOf(base.files.statements, last.statement) ?? last.statement
    insertAfter(editing, place, cookie)
    note(
      editing,
      'httpd-base-method',
      place,
      'the cookie of the affinity is set after this section',
    )
  }
  const { directive, path } = first.statement
  checkRest(base, base.at(path, directive.start), upstream, balancer, findings)
}

/** The files that hold the balancers, with those of the spec. */
export const basePages = (
  context: Context,
  target: HttpdTarget & { readonly base: string },
  inputs: Inputs,
): readonly Page[] => {
  const { cluster, findings } = context
  noteFields(cluster, findings)
  const input = baseInput(inputs, target.base)
  if (input === null) {
    const at = atValue([...target.path, 'base'])
    report(findings, 'httpd-base-invalid', at, `cannot read "${target.base}"`, null)
    return []
  }
  const base = openBase(target.base, input, findings)
  if (base === null) return []
  const edits = new Edits()
  const result: Result = { added: [], paths: new Set() }
  for (const upstream of cluster.upstreams)
    editOne({ base, edits, findings }, upstream, context, result)
  if (result.added.length > 0) {
    const site = siteOf(base)
    edits.add(site.path, [insertBlocks(base, site, result.added)])
  }
  const paths = new Set([...result.paths, ...edits.paths])
  checkNames(paths, 'balancers', (path, message, help) =>
    report(findings, 'httpd-base-invalid', base.at(path, 0), message, help),
  )
  if (findings.hasErrors) return []
  return [...paths].map((path) => {
    const document = base.documentOf(path)
    return editedPage('httpd', path, document, edits.applied(path, document))
  })
}
