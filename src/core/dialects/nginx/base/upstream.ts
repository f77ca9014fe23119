import type { Edits } from '../../../config/edit/edits.ts'
import {
  alignedWith,
  insertAfter,
  insertBefore,
  removeStatement,
  replaceWord,
} from '../../../config/edit/lines.ts'
import { matchInTurns } from '../../../config/edit/match.ts'
import {
  mergeParameters,
  type ParameterRules,
  shownChange,
} from '../../../config/edit/parameters.ts'
import type { NginxStatement } from '../../../config/nginx/files.ts'
import type { Findings } from '../../../diagnostics/findings.ts'
import { shownWords } from '../../../diagnostics/source-lines.ts'
import { quote } from '../quote.ts'
import { allStatements, type Statement, type UpstreamStatements } from '../upstream-statements.ts'
import { fillBlock } from './blocks.ts'
import { report } from './codes.ts'
import type { Base } from './open.ts'
import { cookieRules, flagRules, isRoute, serverRules } from './parameters.ts'

/** An address as nginx completes it. */
export const addressKey = (address: string): string => {
  if (address.startsWith('unix:')) return address
  return /:\d+$/.test(address) ? address.toLowerCase() : `${address.toLowerCase()}:80`
}

/** The directives of an upstream block that the spec decides. */
const owned =
  /^(?:ip_hash|hash|least_conn|random|sticky|sticky_strict|session_sticky|jvm_route|srun_id)$/

const written = ({ name, args }: Statement): string => `${[name, ...args].map(quote).join(' ')};`

const routeOf = (words: readonly string[]): string | null => {
  const word = words.find(isRoute)
  return word === undefined ? null : word.slice(word.indexOf('=') + 1)
}

interface Editing {
  readonly base: Base
  readonly edits: Edits
  readonly findings: Findings
}

const textOf = ({ base }: Editing, { path }: NginxStatement): string => base.documentOf(path).text

const remove = (editing: Editing, statement: NginxStatement): void => {
  const { path, directive } = statement
  editing.edits.add(path, removeStatement(textOf(editing, statement), directive))
}

const reportServer = (
  { base, findings }: Editing,
  { path, directive }: NginxStatement,
  message: string,
): void => report(findings, 'nginx-base-server', base.at(path, directive.start), message, null)

/** The existing `server` of each wanted one: with its address, else with its route. */
const matchServers = (
  existing: readonly NginxStatement[],
  wanted: readonly Statement[],
): ReadonlyMap<Statement, NginxStatement> =>
  matchInTurns(existing, wanted, [
    ({ directive }, { args }) => addressKey(directive.args[0] ?? '') === addressKey(args[0] ?? ''),
    ({ directive }, { args }) => {
      const route = routeOf(args)
      return route !== null && routeOf(directive.args) === route
    },
  ])

const changeServer = (editing: Editing, one: NginxStatement, { args }: Statement): void => {
  const { directive, path } = one
  const [address = ''] = args
  const [from = ''] = directive.args
  if (addressKey(from) !== addressKey(address)) {
    editing.edits.add(path, replaceWord(directive, 1, quote(address)))
    reportServer(editing, one, `the address "${from}" of this server changes to "${address}"`)
  }
  const { edits, changes } = mergeParameters(directive, 2, args.slice(1), serverRules)
  editing.edits.add(path, edits)
  for (const { from: was, to } of changes)
    reportServer(editing, one, `${shownChange(was, to)} in server "${address}"`)
}

/** Where directives that follow the servers are inserted. */
interface Place {
  readonly sibling: NginxStatement
  readonly insert: typeof insertAfter
}

/** Gives the block the servers of the spec. @returns the place after them; null: it had no server. */
const editServers = (
  editing: Editing,
  children: readonly NginxStatement[],
  wanted: readonly Statement[],
): Place | null => {
  const existing = children.filter(({ directive }) => directive.name === 'server')
  const matches = matchServers(existing, wanted)
  const kept = new Set(matches.values())
  const removed = existing.filter((one) => !kept.has(one))
  for (const one of removed) {
    remove(editing, one)
    const server = shownWords(one.directive.args)
    reportServer(editing, one, `server "${server}" is removed, because it is not in the spec`)
  }
  const firstKept = existing.find((one) => kept.has(one)) ?? null
  let previous: NginxStatement | null = null
  for (const server of wanted) {
    const match = matches.get(server)
    if (match !== undefined) {
      changeServer(editing, match, server)
      previous = match
      continue
    }
    const sibling: NginxStatement | null = previous ?? firstKept ?? existing[0] ?? null
    if (sibling === null) continue
    const text = textOf(editing, sibling)
    const words = ['server', ...server.args].map(quote)
    const line = `${alignedWith(text, sibling.directive, words)};`
    editing.edits.add(
      sibling.path,
      previous === null
        ? insertBefore(text, sibling.directive, line)
        : insertAfter(text, sibling.directive, line),
    )
  }
  const last = existing.findLast((one) => kept.has(one))
  if (last !== undefined) return { sibling: last, insert: insertAfter }
  const [first] = existing
  return first === undefined ? null : { sibling: first, insert: insertBefore }
}

/** From which word on the parameters have names, and how they are compared. */
const rulesOf = ({ name, args }: Statement): readonly [from: number, rules: ParameterRules] => {
  if (name === 'sticky' && args[0] === 'cookie') return [3, cookieRules]
  if (name === 'sticky' && args[0] === 'learn') return [2, cookieRules]
  if (name === 'sticky' && args[0] !== 'route') return [1, cookieRules]
  if (name === 'session_sticky') return [1, cookieRules]
  return [name === 'random' ? 1 : Number.POSITIVE_INFINITY, flagRules]
}

const changeStatement = (editing: Editing, one: NginxStatement, wanted: Statement): void => {
  const { directive, path } = one
  // Its name is chosen by sessctl; a zone without a size belongs to another upstream.
  if (wanted.name === 'zone') {
    const [, size] = directive.args
    if (size === undefined || size === wanted.args[1]) return
    editing.edits.add(path, replaceWord(directive, 2, quote(wanted.args[1] ?? size)))
    return
  }
  const [named, rules] = rulesOf(wanted)
  const isOtherKind =
    wanted.name === 'sticky' && directive.args[0] !== wanted.args[0] && named !== 1
  const from = isOtherKind ? Number.POSITIVE_INFINITY : named
  const positional = wanted.args.slice(0, Math.max(0, from - 1))
  const existing = directive.args.slice(0, Math.max(0, from - 1))
  const { edits, changes } = mergeParameters(directive, from, wanted.args.slice(from - 1), rules)
  const isSame =
    existing.length === positional.length &&
    positional.every((word, index) => word === existing[index])
  if (isSame && changes.length === 0) return
  editing.edits.add(path, edits)
  const [first, last] = [directive.words[1], directive.words[existing.length]]
  if (!isSame) {
    const words = positional.map(quote).join(' ')
    const name = directive.words[0]
    if (first !== undefined && last !== undefined)
      editing.edits.add(path, [{ start: first.start, end: last.end, text: words }])
    else if (name !== undefined && words !== '')
      editing.edits.add(path, [{ start: name.end, end: name.end, text: ` ${words}` }])
  }
  const was = shownWords([directive.name, ...directive.args])
  report(
    editing.findings,
    'nginx-base-method',
    editing.base.at(path, directive.start),
    `"${was}" changes to that of the spec: ${shownWords([wanted.name, ...wanted.args])}`,
    null,
  )
}

const isSameStatement = ({ directive }: NginxStatement, { name, args }: Statement): boolean =>
  directive.name === name &&
  (name !== 'srun_id' || addressKey(directive.args[1] ?? '') === addressKey(args[1] ?? ''))

/** Gives the block the methods and the affinity of the spec, and the settings that the spec has. */
export const editUpstream = (
  base: Base,
  block: NginxStatement,
  wanted: UpstreamStatements,
  edits: Edits,
  findings: Findings,
): void => {
  const editing = { base, edits, findings }
  const children = base.childrenOf(block.directive)
  if (!children.some(({ directive }) => directive.name === 'server')) {
    edits.add(block.path, [fillBlock(base, block, allStatements(wanted))])
    const message = 'the servers of the spec are added to this block, which has none'
    report(findings, 'nginx-base-server', base.at(block.path, block.directive.start), message, null)
    return
  }
  const firstServer = children.find(({ directive }) => directive.name === 'server')
  const used = new Set<NginxStatement>()
  const write = (statement: Statement, at: Place | null): void => {
    const match = children.find((one) => !used.has(one) && isSameStatement(one, statement))
    if (match !== undefined) {
      used.add(match)
      changeStatement(editing, match, statement)
      return
    }
    if (at === null) return
    const { sibling, insert } = at
    edits.add(sibling.path, insert(textOf(editing, sibling), sibling.directive, written(statement)))
    const message = `"${shownWords([statement.name, ...statement.args])}" is added to this block`
    report(findings, 'nginx-base-method', base.at(block.path, block.directive.start), message, null)
  }
  const before = firstServer === undefined ? null : { sibling: firstServer, insert: insertBefore }
  // Before the servers are edited: edits at one place keep their order.
  for (const one of [...wanted.settingsBefore, ...wanted.methods]) write(one, before)
  const after = editServers(editing, children, wanted.servers)
  for (const one of [...wanted.affinity, ...wanted.settingsAfter]) write(one, after)
  for (const one of children) {
    if (used.has(one) || !owned.test(one.directive.name)) continue
    remove(editing, one)
    const was = shownWords([one.directive.name, ...one.directive.args])
    const message = `"${was}" is removed, because it is not in the spec`
    report(findings, 'nginx-base-method', base.at(one.path, one.directive.start), message, null)
  }
}
