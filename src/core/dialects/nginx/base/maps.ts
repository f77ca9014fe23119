import type { Edits } from '../../../config/edit/edits.ts'
import {
  alignedWith,
  insertAfter,
  insertBefore,
  removeStatement,
  replaceWord,
} from '../../../config/edit/lines.ts'
import type { NginxStatement } from '../../../config/nginx/files.ts'
import type { Findings } from '../../../diagnostics/findings.ts'
import type { MapView } from '../affinity/implementation.ts'
import { quote } from '../quote.ts'
import type { NewBlock } from './blocks.ts'
import { report } from './codes.ts'
import type { Base } from './open.ts'

/** Directives of a `map` block that are no entries. */
const special = /^(?:hostnames|volatile|include)$/

const findMap = (base: Base, { variable }: MapView): NginxStatement | undefined =>
  base.statements.find(
    (one) =>
      base.isInHttp(one) &&
      one.directive.name === 'map' &&
      one.directive.args[1]?.toLowerCase() === variable.toLowerCase(),
  )

const editMap = (
  base: Base,
  map: NginxStatement,
  wanted: MapView,
  edits: Edits,
  findings: Findings,
): void => {
  const note = ({ path, directive }: NginxStatement, message: string): void =>
    report(findings, 'nginx-base-method', base.at(path, directive.start), message, null)
  if (map.directive.args[0] !== wanted.source) {
    edits.add(map.path, replaceWord(map.directive, 1, quote(wanted.source)))
    note(map, `this map reads ${wanted.source} now, not ${map.directive.args[0] ?? 'nothing'}`)
  }
  const entries = base
    .childrenOf(map.directive)
    .filter(({ directive }) => !special.test(directive.name))
  const left = new Set(entries)
  const matches = new Map<MapView['entries'][number], NginxStatement>()
  for (const entry of wanted.entries) {
    const match = [...left].find(({ directive }) => directive.name === entry.key)
    if (match === undefined) continue
    left.delete(match)
    matches.set(entry, match)
  }
  // A line that is removed is no place for a new one.
  let previous = entries.findLast((one) => !left.has(one)) ?? null
  const [first] = entries
  for (const entry of wanted.entries) {
    const { key, value } = entry
    const match = matches.get(entry)
    if (match !== undefined) {
      previous = match
      if (match.directive.args[0] === value) continue
      edits.add(match.path, replaceWord(match.directive, 1, quote(value)))
      note(match, `the value of "${key}" changes to "${value}"`)
      continue
    }
    const sibling = previous ?? first
    if (sibling === undefined) continue
    const { text } = base.documentOf(sibling.path)
    const line = `${alignedWith(text, sibling.directive, [quote(key), quote(value)])};`
    const insert = previous === null ? insertBefore : insertAfter
    edits.add(sibling.path, insert(text, sibling.directive, line))
  }
  for (const one of left) {
    edits.add(one.path, removeStatement(base.documentOf(one.path).text, one.directive))
    note(one, `the entry "${one.directive.name}" is removed, because no server of the spec has it`)
  }
}

/** Edits the maps that the files have. @returns those that they do not have. */
export const editMaps = (
  base: Base,
  maps: readonly MapView[],
  edits: Edits,
  findings: Findings,
): readonly NewBlock[] =>
  maps.flatMap((wanted) => {
    const map = findMap(base, wanted)
    if (map !== undefined) {
      editMap(base, map, wanted, edits, findings)
      return []
    }
    return [
      {
        head: { name: 'map', args: [wanted.source, wanted.variable] },
        statements: wanted.entries.map(({ key, value }) => ({ name: key, args: [value] })),
      },
    ]
  })
