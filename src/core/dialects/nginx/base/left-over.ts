import type { Edits } from '../../../config/edit/edits.ts'
import { removeStatement } from '../../../config/edit/lines.ts'
import type { NginxStatement } from '../../../config/nginx/files.ts'
import type { ConfigEdit } from '../../../config/text.ts'
import type { Findings } from '../../../diagnostics/findings.ts'
import type { Upstream } from '../../../model/cluster.ts'
import type { UpstreamConfiguration } from '../affinity/implementation.ts'
import { variableName } from '../names.ts'
import { report } from './codes.ts'
import { unreadPatterns } from './found.ts'
import type { Base } from './open.ts'

/** The variables that maps of sessctl set for an upstream. */
const purposes = ['sessionid', 'route_in_url', 'route_in_first_cookie', 'route', 'pool']

const variablesOf = ({ name }: Upstream): readonly string[] =>
  purposes.map((purpose) => `$${variableName(`${purpose}_${name}`)}`)

/** Each block once: a file may be included twice. */
const ofBlocks = (base: Base, name: string): readonly NginxStatement[] => {
  const all = base.statements.filter(
    (one) => base.isInHttp(one) && one.directive.name === name && one.directive.block !== null,
  )
  return [...new Map(all.map((one) => [one.directive, one])).values()]
}

/** Whether a name is anywhere in the edited files, except in some blocks. */
const isUsed = (
  base: Base,
  edits: Edits,
  name: string,
  except: readonly NginxStatement[],
): boolean => {
  const words = name.startsWith('$') ? /\$\{?\w+/g : /[\w.-]+/g
  return [...base.files.files].some(([path, document]) => {
    const blanks = except.flatMap(({ directive: { end, start }, path: place }) =>
      place === path ? [{ start, end, text: '' }] : [],
    )
    const found = edits.applied(path, document, blanks).match(words) ?? []
    return found.some((word) => word.replace('{', '').toLowerCase() === name.toLowerCase())
  })
}

/** The blocks of upstream servers that the values of a map name. */
const blocksNamedBy = (base: Base, maps: Iterable<NginxStatement>): readonly NginxStatement[] => {
  const values = new Set(
    [...maps].flatMap(({ directive }) =>
      base.childrenOf(directive).flatMap((entry) => entry.directive.args.slice(0, 1)),
    ),
  )
  return ofBlocks(base, 'upstream').filter(({ directive }) => values.has(directive.args[0] ?? ''))
}

/**
 * The maps of an affinity that the spec no longer has, and the blocks that such maps named, for servers
 * too that the spec no longer has: sessctl has written them, and nothing in the files uses them.
 */
export const leftOverBlocks = (
  base: Base,
  configurations: ReadonlyMap<Upstream, UpstreamConfiguration>,
  edits: Edits,
): ReadonlySet<NginxStatement> => {
  // A file that was not read may use them.
  if (unreadPatterns(base).length > 0) return new Set()
  const all = [...configurations.values()]
  const wanted = new Set(
    all.flatMap(({ maps, upstreams }) => [
      ...maps.flatMap((group) => group.maps.map(({ variable }) => variable.toLowerCase())),
      ...upstreams.map(({ name }) => name),
    ]),
  )
  const own = new Set([...configurations.keys()].flatMap(variablesOf))
  const variableOf = ({ directive }: NginxStatement): string =>
    directive.args[1]?.toLowerCase() ?? ''
  const ownMaps = ofBlocks(base, 'map').filter((map) => own.has(variableOf(map)))
  const maps = ownMaps.filter((map) => !wanted.has(variableOf(map)))
  const removed = new Set<NginxStatement>()
  for (let before = -1; before < removed.size; ) {
    before = removed.size
    for (const map of maps.filter((one) => !removed.has(one)))
      if (!isUsed(base, edits, map.directive.args[1] ?? '', [...removed, map])) removed.add(map)
  }
  for (const block of blocksNamedBy(base, ownMaps)) {
    const [name = ''] = block.directive.args
    if (!wanted.has(name) && !isUsed(base, edits, name, [...removed, block])) removed.add(block)
  }
  return removed
}

/** With the empty line after it, where an empty line is before it, too. */
const withEmptyLine = (text: string, edit: ConfigEdit): ConfigEdit => {
  const isApart = edit.start === 0 || /\n\r?\n$/.test(text.slice(0, edit.start).slice(-3))
  const [next = ''] = isApart ? (/^\r?\n/.exec(text.slice(edit.end, edit.end + 2)) ?? []) : []
  return { ...edit, end: edit.end + next.length }
}

export const removeLeftOver = (
  base: Base,
  blocks: Iterable<NginxStatement>,
  edits: Edits,
  findings: Findings,
): void => {
  for (const { directive, path } of blocks) {
    const { text } = base.documentOf(path)
    edits.add(
      path,
      removeStatement(text, directive).map((edit) => withEmptyLine(text, edit)),
    )
    const message = `"${directive.name} ${directive.args.join(' ')}" is removed: the spec no longer needs it, and nothing in the files uses it`
    report(findings, 'nginx-base-method', base.at(path, directive.start), message, null)
  }
}
