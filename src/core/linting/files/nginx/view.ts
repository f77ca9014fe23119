import type { NginxFiles } from '../../../config/nginx/files.ts'
import type { Directive } from '../../../config/nginx/tree.ts'
import type { Place } from '../../../diagnostics/diagnostic.ts'
import { atLeast, type Version } from '../../../model/version.ts'
import type { ConfigFile } from '../config-file.ts'

/** A directive in the place where nginx reads it. */
export interface NginxNode {
  readonly name: string
  readonly args: readonly string[]
  readonly directive: Directive
  readonly source: ConfigFile
  /** The path of the main file of its configuration. */
  readonly main: string
  readonly parent: NginxNode | null
  readonly children: readonly NginxNode[]
  /** The children by their names. */
  readonly named: ReadonlyMap<string, readonly NginxNode[]>
  /** Whether its block may have directives that were not read: of an include, or of a template. */
  readonly isPartial: boolean
}

/** All nginx files of a run. */
export interface NginxView {
  /** In the order in which nginx reads them. */
  readonly all: readonly NginxNode[]
  readonly upstreams: readonly NginxUpstream[]
  /** The `proxy_pass` directives that name an upstream of these files. */
  readonly passes: readonly Pass[]
  /** Null: not known. */
  readonly version: Version | null
}

export interface NginxUpstream {
  readonly name: string
  readonly node: NginxNode
  readonly servers: readonly NginxNode[]
}

/** Files that set variables and types, and no header. */
const harmless =
  /(?:mime\.types|fastcgi[^/]*|uwsgi_params|scgi_params|koi-\w+|win-utf|modules\/\S*)$/

interface Growing extends NginxNode {
  readonly children: NginxNode[]
  readonly named: Map<string, NginxNode[]>
  isPartial: boolean
}

/** @param sources the texts of the files, by the paths in `read`. */
const nodesOf = (
  { main, files, includes }: NginxFiles,
  sources: ReadonlyMap<string, ConfigFile>,
): readonly NginxNode[] => {
  const all: NginxNode[] = []
  const visit = (path: string, parent: Growing | null): void => {
    const [document, source] = [files.get(path), sources.get(path)]
    if (document === undefined || source === undefined) return
    const opaque = document.tokens.filter(({ kind }) => kind === 'opaque')
    const included = new Map((includes.get(path) ?? []).map((each) => [each.directive, each]))
    const read = (directives: readonly Directive[], within: Growing | null): void => {
      for (const directive of directives) {
        const include = included.get(directive)
        if (include !== undefined) {
          for (const each of include.paths) visit(each, within)
          const isHarmless = harmless.test(include.pattern ?? '')
          if (include.paths.length === 0 && !isHarmless && within !== null) within.isPartial = true
          continue
        }
        const { name, args, block } = directive
        const isPartial =
          block !== null && opaque.some(({ start }) => block.start <= start && start < block.end)
        const node: Growing = {
          ...{ name, args, directive, source, main, isPartial },
          parent: within,
          children: [],
          named: new Map(),
        }
        all.push(node)
        within?.children.push(node)
        const same = within?.named.get(name)
        if (same !== undefined) same.push(node)
        else within?.named.set(name, [node])
        if (block !== null) read(block.children, node)
      }
    }
    read(document.directives, parent)
  }
  visit(main, null)
  return all
}

/** A location that sends requests to an upstream. */
export interface Pass {
  readonly node: NginxNode
  readonly upstream: NginxUpstream
}

const byNameOf = (
  upstreams: readonly NginxUpstream[],
): ReadonlyMap<string, readonly NginxUpstream[]> => {
  const byName = new Map<string, NginxUpstream[]>()
  for (const upstream of upstreams) {
    const same = byName.get(upstream.name)
    if (same === undefined) byName.set(upstream.name, [upstream])
    else same.push(upstream)
  }
  return byName
}

/**
 * The upstream of a name is one of the same configuration, else the only one: files that are given
 * together may belong to different hosts.
 */
const passesTo = (
  upstreams: readonly NginxUpstream[],
  all: readonly NginxNode[],
): readonly Pass[] => {
  const byName = byNameOf(upstreams)
  return all.flatMap((node) => {
    if (node.name !== 'proxy_pass') return []
    const [, host = ''] = /^https?:\/\/([^/:?$]+)(?:[/?]|$)/.exec(node.args[0] ?? '') ?? []
    const named = byName.get(host) ?? []
    const own = named.find((each) => each.node.main === node.main)
    const upstream = own ?? (named.length === 1 ? named[0] : undefined)
    return upstream === undefined ? [] : [{ node, upstream }]
  })
}

export const nginxView = (
  configurations: readonly NginxFiles[],
  sources: ReadonlyMap<string, ConfigFile>,
  version: Version | null,
): NginxView => {
  const all = configurations.flatMap((each) => nodesOf(each, sources))
  const upstreams = all
    .filter(({ name, directive }) => name === 'upstream' && directive.block !== null)
    .map((node) => ({
      name: node.args[0] ?? '',
      node,
      servers: node.children.filter(({ name }) => name === 'server'),
    }))
  return { all, upstreams, passes: passesTo(upstreams, all), version }
}

/** The place of the name of a directive, or of one of its arguments. */
export const placeOf = (
  { source, directive }: NginxNode,
  argument: number | null = null,
): Place => {
  const word = directive.words[argument === null ? 0 : argument + 1] ?? directive.words[0]
  return source.at(word?.start ?? directive.start, word?.end ?? directive.end)
}

/** Whether a value differs by host: a placeholder of a template, or a variable of envsubst. */
export const isPlaceholder = (text: string): boolean => /\{\{|\{%|<%|\$\{[A-Z]/.test(text)

/** The blocks of a node, from itself outwards. */
const blocksAround = (node: NginxNode): readonly NginxNode[] =>
  node.parent === null ? [] : [node.parent, ...blocksAround(node.parent)]

/** The directives of the nearest block that has any of this name, as nginx inherits them. */
export interface Inherited {
  readonly nodes: readonly NginxNode[]
  /** Whether a file that was not read may set others. */
  readonly isUncertain: boolean
}

export const inherited = (node: NginxNode, name: string): Inherited => {
  let isUncertain = false
  const blocks = blocksAround(node)
  for (const block of blocks) {
    isUncertain ||= block.isPartial
    const nodes = block.named.get(name) ?? []
    if (nodes.length > 0) return { nodes, isUncertain }
  }
  // A file of one site does not show what nginx.conf sets for all of them.
  return { nodes: [], isUncertain: isUncertain || blocks.at(-1)?.name !== 'http' }
}

export const methodNames: ReadonlySet<string> = new Set([
  ...['ip_hash', 'hash', 'least_conn', 'random', 'least_time', 'jvm_route', 'fair'],
])

export const methodsOf = ({ node }: NginxUpstream): readonly NginxNode[] =>
  node.children.filter(({ name }) => methodNames.has(name))

/** Whether servers are more than one, as far as the file says. */
export const hasSeveralServers = ({ servers, node }: NginxUpstream): boolean =>
  servers.length > 1 || node.isPartial

export const isVersion = ({ version }: NginxView, least: string): boolean =>
  version !== null && atLeast(version, least)
