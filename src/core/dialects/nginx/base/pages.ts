import { Edits } from '../../../config/edit/edits.ts'
import type { NginxStatement } from '../../../config/nginx/files.ts'
import { atValue, type Place, type SpecPath } from '../../../diagnostics/diagnostic.ts'
import type { Findings } from '../../../diagnostics/findings.ts'
import { withoutEffect } from '../../../fields.ts'
import type { Cluster, Upstream } from '../../../model/cluster.ts'
import { routeFor } from '../../../model/route.ts'
import type { NginxTarget } from '../../../model/target.ts'
import { snippetsOf } from '../../../snippets/all.ts'
import type { Inputs, Page } from '../../dialect.ts'
import { baseInput, checkNames, editedPage } from '../../edited-files.ts'
import type { UpstreamConfiguration } from '../affinity/implementation.ts'
import type { Features } from '../features.ts'
import type { UpstreamView } from '../upstream-block.ts'
import {
  allStatements,
  type Statement,
  type UpstreamStatements,
  upstreamStatements,
} from '../upstream-statements.ts'
import { insertBlocks, type NewBlock, siteOf } from './blocks.ts'
import { checkRest } from './checks.ts'
import { report } from './codes.ts'
import { findBlock, unreadPatterns } from './found.ts'
import { leftOverBlocks, removeLeftOver } from './left-over.ts'
import { editMaps } from './maps.ts'
import { type Base, openBase } from './open.ts'
import { isRoute } from './parameters.ts'
import { editUpstream } from './upstream.ts'
import { checkBaseVariables } from './variables.ts'

/** `sticky` gives each server a name of its own where the file gives it none. */
const withoutNewRoutes = (
  servers: readonly Statement[],
  upstream: Upstream,
  existing: readonly NginxStatement[],
): readonly Statement[] => {
  const hasRoutes = existing.some(({ directive }) => directive.args.some(isRoute))
  const usual = new Set(upstream.servers.map(({ name }) => routeFor(name)))
  if (hasRoutes) return servers
  return servers.map(({ name, args }) => ({
    name,
    args: args.filter((word) => !isRoute(word) || !usual.has(word.slice(word.indexOf('=') + 1))),
  }))
}

/** What the existing block gets: settings that the spec does not have stay as they are. */
const wantedIn = (
  base: Base,
  block: NginxStatement,
  view: UpstreamView,
  upstream: Upstream,
): UpstreamStatements => {
  const all = upstreamStatements(view)
  const hasZone = base
    .childrenOf(block.directive)
    .some(({ directive }) => directive.name === 'zone')
  const isNamedByNginx = view.stickyCookie !== null || view.stickyLearn !== null
  const unset = new Set([
    'keepalive_timeout',
    ...(upstream.zone === null && hasZone ? ['zone'] : []),
    ...(upstream.keepalive === null ? ['keepalive'] : []),
  ])
  const isSet = ({ name }: Statement): boolean => !unset.has(name)
  return {
    ...all,
    settingsBefore: all.settingsBefore.filter(isSet),
    settingsAfter: all.settingsAfter.filter(isSet),
    servers: isNamedByNginx
      ? withoutNewRoutes(all.servers, upstream, base.childrenOf(block.directive))
      : all.servers,
  }
}

/** Fields that would be written outside of the upstream blocks. */
const noteFields = (
  cluster: Cluster,
  target: NginxTarget,
  label: string,
  findings: Findings,
): void => {
  const note = (path: SpecPath): void =>
    withoutEffect(findings, path, label, 'only the upstream blocks of an existing file are written')
  for (const key of ['standalone', 'loadModules']) note([...target.path, key])
  for (const { path } of cluster.upstreams)
    for (const key of ['nextUpstream', 'tls', 'documentRoot']) note([...path, key])
  if (target.flavor === 'nginx-plus')
    for (const { path } of cluster.upstreams) note([...path, 'check'])
  for (const { dialect, path } of snippetsOf(cluster)) if (dialect === 'nginx') note(path)
  if (cluster.targets.length > 1) return
  for (const { path } of cluster.frontends) note(path)
}

/** What the files get. */
interface Editing {
  readonly edits: Edits
  /** Blocks that no file has. */
  readonly added: readonly NewBlock[]
  /** Files with a block of the spec. */
  readonly paths: ReadonlySet<string>
  /** The first block of each upstream; null: it is added. */
  readonly blocks: ReadonlyMap<Upstream, NginxStatement | null>
}

const editAll = (
  base: Base,
  configurations: ReadonlyMap<Upstream, UpstreamConfiguration>,
  findings: Findings,
): Editing => {
  const edits = new Edits()
  const added: NewBlock[] = []
  const paths = new Set<string>()
  const blocks = new Map<Upstream, NginxStatement | null>()
  for (const [upstream, { maps, upstreams }] of configurations) {
    const wanted = maps.flatMap((group) => group.maps)
    added.push(...editMaps(base, wanted, edits, findings))
    for (const view of upstreams) {
      const { block, isRefused } = findBlock(base, view.name, findings)
      blocks.set(upstream, blocks.get(upstream) ?? block)
      if (isRefused) continue
      if (block === null) {
        const statements = allStatements(upstreamStatements(view))
        added.push({ head: { name: 'upstream', args: [view.name] }, statements })
        continue
      }
      for (const { path } of [block, ...base.childrenOf(block.directive)]) paths.add(path)
      editUpstream(base, block, wantedIn(base, block, view, upstream), edits, findings)
    }
  }
  return { edits, added, paths, blocks }
}

const noteAdded = (base: Base, added: readonly NewBlock[], at: Place, findings: Findings): void => {
  const unread = unreadPatterns(base).slice(0, 3)
  const help =
    unread.length === 0
      ? null
      : `check that no other file has it: ${unread.join(', ')} was not read`
  for (const { head } of added) {
    const message = `"${head.name} ${head.args.join(' ')}" is added here`
    report(findings, 'nginx-base-added', at, message, help)
  }
}

/** The files that hold the upstream blocks, with those of the spec. */
export const basePages = (
  cluster: Cluster,
  target: NginxTarget & { readonly base: string },
  features: Features,
  configurations: ReadonlyMap<Upstream, UpstreamConfiguration>,
  inputs: Inputs,
  findings: Findings,
): readonly Page[] => {
  noteFields(cluster, target, features.label, findings)
  const input = baseInput(inputs, target.base)
  if (input === null) {
    const at = atValue([...target.path, 'base'])
    report(findings, 'nginx-base-invalid', at, `cannot read "${target.base}"`, null)
    return []
  }
  const base = openBase(target.base, input, findings)
  if (base === null) return []
  checkBaseVariables(base, configurations.keys(), findings)
  const { added, blocks, edits, paths } = editAll(base, configurations, findings)
  const leftOver = leftOverBlocks(base, configurations, edits)
  removeLeftOver(base, leftOver, edits, findings)
  const site = siteOf(base, leftOver)
  const place = base.at(site.path, Math.max(0, site.offset - 1))
  if (added.length > 0)
    edits.add(site.path, [insertBlocks(site, added, base.documentOf(site.path).text)])
  noteAdded(base, added, place, findings)
  const written = new Set([...paths, ...edits.paths])
  checkNames(written, 'upstream blocks', (path, message, help) =>
    report(findings, 'nginx-base-invalid', base.at(path, 0), message, help),
  )
  for (const [upstream, configuration] of configurations) {
    const block = blocks.get(upstream) ?? null
    const checked =
      block === null
        ? { children: [], at: place }
        : {
            children: base.childrenOf(block.directive),
            at: base.at(block.path, block.directive.start),
          }
    checkRest(base, checked, upstream, configuration, cluster, features, findings)
  }
  if (findings.hasErrors) return []
  return [...written].map((path) => {
    const document = base.documentOf(path)
    return editedPage('nginx', path, document, edits.applied(path, document))
  })
}
