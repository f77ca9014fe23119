import { alignedWith, replaceWord } from '../../../config/edit/lines.ts'
import { matchInTurns } from '../../../config/edit/match.ts'
import { mergeParameters, shownChange } from '../../../config/edit/parameters.ts'
import { indentAt, insertLinesBefore } from '../../../config/edit/whole-lines.ts'
import type { HttpdMember } from '../../../config/httpd/balancer-lines.ts'
import type { HttpdBalancer } from '../../../config/httpd/balancers.ts'
import { shownWords } from '../../../diagnostics/source-lines.ts'
import type { Upstream } from '../../../model/cluster.ts'
import type { Balancer } from '../balancers/index.ts'
import { memberLine } from '../balancers/lines.ts'
import { httpdWord } from '../quote.ts'
import { type Editing, hasVariable, insertAfter, note, remove } from './editing.ts'
import { writtenOf } from './open.ts'
import { memberRules } from './parameters.ts'

/** A member of the spec: its URL, and the parameters that the spec sets. */
interface WantedMember {
  readonly url: string
  readonly parameters: readonly string[]
}

/** Parameters that sessctl writes into its own files only. */
const ofOwnFiles = /^(?:connectiontimeout|ttl|upgrade|secret)=/

const routeIn = (words: readonly string[]): string | null =>
  words.find((word) => /^route=/i.test(word))?.slice('route='.length) ?? null

/** @param hasRoutes whether members have routes, or need them. */
const wantedMembers = (balancer: Balancer, hasRoutes: boolean): readonly WantedMember[] =>
  balancer.members.map((member) => {
    const { head, rest } = memberLine(member)
    const [url = '', ...route] = head
    const parameters = [...(hasRoutes ? route : []), ...rest]
    return { url, parameters: parameters.filter((word) => !ofOwnFiles.test(word)) }
  })

const defaultPorts: Readonly<Record<string, string>> = { http: '80', https: '443', ajp: '8009' }

/** A URL in one form. */
const urlKey = (url: string): string => {
  const plain = url.toLowerCase().replace(/\/$/, '')
  const [, scheme = ''] = /^([a-z]+):\/\//.exec(plain) ?? []
  const port = defaultPorts[scheme]
  return port !== undefined && plain.endsWith(`:${port}`) ? plain.slice(0, -port.length - 1) : plain
}

const urlIndex = ({ statement, url }: HttpdMember): number => statement.args.indexOf(url) + 1

const parametersIn = (member: HttpdMember): readonly string[] =>
  member.statement.args.slice(urlIndex(member))

const matchMembers = (
  existing: readonly HttpdMember[],
  wanted: readonly WantedMember[],
): ReadonlyMap<WantedMember, HttpdMember> =>
  matchInTurns(existing, wanted, [
    (one, { url }) => urlKey(one.url) === urlKey(url),
    (one, { parameters }) => {
      const route = routeIn(parameters)
      return route !== null && routeIn(parametersIn(one)) === route
    },
  ])

/** A URL in quotes where that of another member is. */
const urlLike = (
  { base }: Editing,
  { statement }: HttpdMember,
  index: number,
  url: string,
): string => {
  const { text } = base.documentOf(statement.path)
  const word = statement.directive.words[index]
  const isQuoted = word !== undefined && text.charAt(word.start) === '"'
  const written = httpdWord(url)
  return isQuoted && !written.startsWith('"') ? `"${written}"` : written
}

const changeMember = (editing: Editing, one: HttpdMember, wanted: WantedMember): void => {
  const { statement } = one
  const line = writtenOf(statement)
  if (line === null) return
  const index = urlIndex(one)
  const isOther = urlKey(one.url) !== urlKey(wanted.url)
  const { changes, edits } = mergeParameters(line, index + 1, wanted.parameters, memberRules)
  if (!isOther && changes.length === 0) return
  if (hasVariable(statement)) {
    const message = `member "${shownWords([one.url])}" is kept: it is written with a variable`
    note(editing, 'httpd-base-variable', statement, message)
    return
  }
  if (isOther) {
    editing.edits.add(
      statement.path,
      replaceWord(line, index, urlLike(editing, one, index, wanted.url)),
    )
    const message = `the address "${shownWords([one.url])}" of this server changes to "${wanted.url}"`
    note(editing, 'httpd-base-server', statement, message)
  }
  editing.edits.add(statement.path, edits)
  for (const { from, to } of changes) {
    const message = `${shownWords([shownChange(from, to)])} in server "${wanted.url}"`
    note(editing, 'httpd-base-server', statement, message)
  }
}

/** What all members have: a new one gets it, too, such as `ping` or a time limit. */
const commonOf = (existing: readonly HttpdMember[]): readonly string[] => {
  const [first = [], ...others] = existing.map(parametersIn)
  return first.filter(
    (word) =>
      word.includes('=') &&
      !memberRules.isOwned(memberRules.keyOf(word)) &&
      others.every((words) => words.includes(word)),
  )
}

const newLine = (
  editing: Editing,
  sibling: HttpdMember,
  existing: readonly HttpdMember[],
  { parameters, url }: WantedMember,
): string => {
  const keys = new Set(parameters.map(memberRules.keyOf))
  const common = commonOf(existing).filter((word) => !keys.has(memberRules.keyOf(word)))
  const { directive, args, path } = sibling.statement
  const index = urlIndex(sibling)
  const words = [
    ...['BalancerMember', ...args.slice(0, index - 1)].map(httpdWord),
    urlLike(editing, sibling, index, url),
    ...[...parameters, ...common].map(httpdWord),
  ]
  return alignedWith(editing.base.documentOf(path).text, directive, words)
}

/** Lines that httpd takes for those of another member are left alone unless this member goes. */
const removeRepeated = (
  editing: Editing,
  { ignored }: HttpdBalancer,
  wanted: readonly WantedMember[],
): void => {
  for (const { reason, statement, url } of ignored) {
    if (reason !== 'repeated') continue
    if (wanted.some((member) => urlKey(url).startsWith(urlKey(member.url)))) continue
    remove(editing, statement)
    const message = `server "${shownWords([url])}" is removed, because it is not in the spec`
    note(editing, 'httpd-base-server', statement, message)
  }
}

/** Gives the balancer, which has members, those of the spec. */
export const editMembers = (
  editing: Editing,
  held: HttpdBalancer,
  balancer: Balancer,
  { affinity }: Upstream,
): void => {
  const existing = held.members
  const hasRoutes =
    affinity.method !== 'none' || existing.some((one) => routeIn(parametersIn(one)) !== null)
  const wanted = wantedMembers(balancer, hasRoutes)
  const matches = matchMembers(existing, wanted)
  const kept = new Set(matches.values())
  for (const one of existing) {
    if (kept.has(one)) continue
    remove(editing, one.statement)
    const server = shownWords([one.url, ...parametersIn(one)])
    const message = `server "${server}" is removed, because it is not in the spec`
    note(editing, 'httpd-base-server', one.statement, message)
  }
  removeRepeated(editing, held, wanted)
  const first = existing.find((one) => kept.has(one)) ?? existing[0]
  let previous: HttpdMember | null = null
  for (const member of wanted) {
    const match = matches.get(member)
    if (match !== undefined) {
      changeMember(editing, match, member)
      previous = match
      continue
    }
    const sibling: HttpdMember | undefined = previous ?? first
    if (sibling === undefined) continue
    const line = newLine(editing, sibling, existing, member)
    if (previous !== null) insertAfter(editing, previous.statement, line)
    else {
      const { directive, path } = sibling.statement
      const { text } = editing.base.documentOf(path)
      const indent = indentAt(text, directive.start)
      editing.edits.add(path, insertLinesBefore(text, directive.start, indent, [line]))
    }
  }
}
