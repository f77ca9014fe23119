import { Edits } from '../../../config/edit/edits.ts'
import { indentAt } from '../../../config/edit/whole-lines.ts'
import { type HaproxyProxy, haproxySettings } from '../../../config/haproxy/effective.ts'
import type { ConfigEdit } from '../../../config/text.ts'
import { atValue, type Place, type SpecPath } from '../../../diagnostics/diagnostic.ts'
import { Findings } from '../../../diagnostics/findings.ts'
import { withoutEffect } from '../../../fields.ts'
import type { Cluster, Upstream } from '../../../model/cluster.ts'
import type { HaproxyTarget } from '../../../model/target.ts'
import { snippetsOf } from '../../../snippets/all.ts'
import type { Inputs, Page } from '../../dialect.ts'
import { baseInput, checkNames, editedPage } from '../../edited-files.ts'
import { checkHosts } from '../backends/checks.ts'
import { type BackendView, backendOf } from '../backends/index.ts'
import { backendBlockView, backendLines } from '../backends/lines.ts'
import type { Context } from '../context.ts'
import { line } from '../lines.ts'
import { checkRest } from './checks.ts'
import { report } from './codes.ts'
import type { Editing } from './editing.ts'
import { editHealthCheck } from './health.ts'
import { type Base, type BaseFile, findSection, openBase } from './open.ts'
import { editRules } from './rules.ts'
import { missingSections } from './sections.ts'
import { editServers, serversIn } from './servers.ts'
import { editSettings } from './settings.ts'
import { indentIn, insertSections, modeOfNew, type NewSection, type Site, siteOf } from './site.ts'
import { wantedServers } from './wanted.ts'

/** Fields that would be written outside of the backends. */
const noteFields = (cluster: Cluster, target: HaproxyTarget, findings: Findings): void => {
  const note = (path: SpecPath): void =>
    withoutEffect(findings, path, 'HAProxy', 'only the backends of an existing file are written')
  for (const key of ['maxConnections', 'localPeer', 'stats']) note([...target.path, key])
  for (const { path } of cluster.upstreams) note([...path, 'nextUpstream'])
  for (const { dialect, path } of snippetsOf(cluster)) if (dialect === 'haproxy') note(path)
  if (cluster.targets.length > 1) return
  for (const { path } of cluster.frontends) note(path)
}

/** What is said of a new backend only: an existing one has checks and lookups of its own. */
const ofNewBackends = /^haproxy-(?:checks|host-names)$/

const editSection = (
  base: Base,
  proxy: HaproxyProxy,
  upstream: Upstream,
  view: BackendView,
  findings: Findings,
): readonly ConfigEdit[] => {
  const { header, lines: all } = proxy.section
  const first = all.findIndex(({ name }) =>
    /^(?:default-server|server|server-template)$/.test(name),
  )
  const anchor = (first === -1 ? all.at(-1) : all[first - 1]) ?? header
  const [line] = all
  const document = base.documentOf(proxy.path)
  const editing: Editing = {
    base,
    text: document.text,
    proxy,
    settings: haproxySettings(proxy),
    anchor,
    indent: line === undefined ? indentIn(document) : indentAt(document.text, line.start),
    edits: [],
    findings,
  }
  const lines = backendLines(view)
  const servers = serversIn(editing)
  editSettings(editing, lines)
  editRules(editing, lines)
  editHealthCheck(editing, view.httpCheck, lines.httpCheck)
  const hasIds = servers.some(({ args }) => args.includes('id'))
  editServers(editing, wantedServers(view, upstream, { hasIds, isEmpty: servers.length === 0 }))
  return editing.edits
}

const newSection = (base: Base, site: Site, view: BackendView): NewSection => {
  const { after, before } = backendBlockView(view)
  const mode = modeOfNew(base, site, view.name) === 'http' ? [] : [line('mode', 'http')]
  return { head: ['backend', view.name], lines: [...mode, ...before, ...after] }
}

const noteAdded = (added: readonly NewSection[], at: Place, findings: Findings): void => {
  for (const { head } of added)
    report(findings, 'haproxy-base-added', at, `"${head.join(' ')}" is added here`, null)
}

type BaseContext = Context & { readonly target: { readonly base: string } }

/** What the files get. */
interface Edited {
  readonly edits: Edits
  readonly added: readonly NewSection[]
  /** Files with a section of the spec. */
  readonly paths: ReadonlySet<string>
}

const editAll = (base: Base, site: Site, place: Place, context: BaseContext): Edited => {
  const { cluster, findings } = context
  const hosts = checkHosts(context)
  const edits = new Edits()
  const added: NewSection[] = []
  const paths = new Set<string>()
  for (const upstream of cluster.upstreams) {
    const { isRefused, proxy } = findSection(base, upstream.name, findings)
    const found = new Findings()
    // Locations have timeouts and pages, which belong to the frontends.
    const withoutFrontends = { ...cluster, frontends: [] }
    const view = backendOf(upstream, hosts, {
      ...context,
      cluster: withoutFrontends,
      findings: found,
    })
    findings.addAll(found.all.filter(({ code }) => proxy === null || !ofNewBackends.test(code)))
    if (isRefused || found.hasErrors) continue
    if (proxy === null) added.push(newSection(base, site, view))
    else {
      paths.add(proxy.path)
      edits.add(proxy.path, editSection(base, proxy, upstream, view, findings))
    }
    const settings = proxy === null ? [] : haproxySettings(proxy)
    const at = proxy === null ? place : base.at(proxy.path, proxy.section.header.start)
    checkRest(base, { proxy, settings, at }, upstream, view, cluster, findings)
  }
  return { edits, added, paths }
}

const openInput = ({ findings, target }: BaseContext, inputs: Inputs): Base | null => {
  const input = baseInput(inputs, target.base)
  if (input !== null) return openBase(target.base, input, findings)
  const at = atValue([...target.path, 'base'])
  report(findings, 'haproxy-base-invalid', at, `cannot read "${target.base}"`, null)
  return null
}

/** The existing files that hold the backends of the spec, with what they say. */
export const basePages = (context: BaseContext, inputs: Inputs): readonly Page[] => {
  const { cluster, findings, target } = context
  noteFields(cluster, target, findings)
  const base = openInput(context, inputs)
  const site = base === null ? null : siteOf(base)
  if (base === null || site === null) return []
  const place = base.at(site.path, Math.max(0, site.offset - 1))
  const { added, edits, paths } = editAll(base, site, place, context)
  if (findings.hasErrors) return []
  const withAdded = (sections: readonly NewSection[], { document, path }: BaseFile): string => {
    const isSite = path === site.path && sections.length > 0
    return edits.applied(path, document, isSite ? [insertSections(site, sections)] : [])
  }
  const missing = missingSections(base, (file) => withAdded(added, file), context)
  const all = [...missing, ...added]
  noteAdded(all, place, findings)
  const written = all.length > 0 ? new Set([...paths, site.path]) : paths
  checkNames(written, 'backends', (path, message, help) =>
    report(findings, 'haproxy-base-invalid', base.at(path, 0), message, help),
  )
  if (findings.hasErrors) return []
  return base.files
    .filter(({ path }) => written.has(path))
    .map((file) => editedPage('haproxy', file.path, file.document, withAdded(all, file)))
}
