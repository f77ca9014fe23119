import { alignedWith, indentOf, replaceWord } from '../../../config/edit/lines.ts'
import { matchInTurns } from '../../../config/edit/match.ts'
import {
  mergeParameters,
  type ParameterRules,
  parametersIn,
  shownChange,
} from '../../../config/edit/parameters.ts'
import { insertLines, insertLinesBefore, removeLine } from '../../../config/edit/whole-lines.ts'
import type { HaproxyStatement } from '../../../config/haproxy/config.ts'
import { shownWords } from '../../../diagnostics/source-lines.ts'
import { haproxyWord } from '../quote.ts'
import { report } from './codes.ts'
import { type Editing, placeOf, wordsOf } from './editing.ts'
import { serverRules } from './parameters.ts'

/** A server of the spec. */
export interface WantedServer {
  /** `server`, its name and its address; the numbers of a `server-template` are before the address. */
  readonly head: readonly string[]
  readonly parameters: readonly string[]
  /** Only where a new line is written. */
  readonly onlyNew: readonly string[]
  /** Whether requests name the server, so that its name must be that of the spec. */
  readonly isNamed: boolean
}

/** An address without the family that HAProxy finds itself. */
const addressKey = (address: string): string =>
  address.toLowerCase().replace(/^(?:ipv4|ipv6|unix|tcp|tcp4|tcp6)@/, '')

const headLength = (words: readonly string[]): number => (words[0] === 'server' ? 3 : 4)

const addressIn = (words: readonly string[]): string => words[headLength(words) - 1] ?? ''

const textOf = (parameter: readonly string[]): string => parameter.join(' ')

const isServer = ({ args, name }: HaproxyStatement): boolean =>
  /^server(?:-template)?$/.test(name) && args.length >= 2

export const serversIn = (editing: Editing): readonly HaproxyStatement[] =>
  editing.proxy.section.lines.filter(isServer)

/** The parameters of `default-server` that apply, by their names. */
const inheritedIn = ({ settings }: Editing): ReadonlyMap<string, string> => {
  const rules = serverRules(new Map())
  const all = settings
    .filter(({ name }) => name === 'default-server')
    .flatMap(({ args }) => parametersIn(args, 0, rules))
    .map(textOf)
  return new Map(all.map((text) => [rules.keyOf(text), text]))
}

/** The existing line of each wanted server: with its name and address, else one of the two. */
const matchServers = (
  existing: readonly HaproxyStatement[],
  wanted: readonly WantedServer[],
): ReadonlyMap<WantedServer, HaproxyStatement> => {
  const hasName = (one: HaproxyStatement, { head }: WantedServer): boolean =>
    one.name === head[0] && one.words[1]?.value === head[1]
  const hasAddress = (one: HaproxyStatement, { head }: WantedServer): boolean =>
    one.name === head[0] && addressKey(addressIn(wordsOf(one))) === addressKey(addressIn(head))
  return matchInTurns(existing, wanted, [
    (one, server) => hasName(one, server) && hasAddress(one, server),
    hasName,
    hasAddress,
  ])
}

const note = (editing: Editing, statement: HaproxyStatement, message: string): void =>
  report(editing.findings, 'haproxy-base-server', placeOf(editing, statement), message, null)

const changeHead = (editing: Editing, one: HaproxyStatement, wanted: WantedServer): void => {
  const words = wordsOf(one)
  const last = headLength(words) - 1
  for (const [index, word] of wanted.head.entries()) {
    const from = words[index] ?? ''
    const isAddress = index === last
    if (index === 0 || from === word) continue
    if (index === 1 && !wanted.isNamed) continue
    if (isAddress && addressKey(from) === addressKey(word)) continue
    if (one.words[index]?.isFixed !== true) {
      const message = `"${shownWords([from])}" of server "${words[1]}" is kept: its value is that of an environment variable`
      report(editing.findings, 'haproxy-base-variable', placeOf(editing, one), message, null)
      continue
    }
    editing.edits.push(...replaceWord(one, index, haproxyWord(word)))
    const what = isAddress ? 'address' : index === 1 ? 'name' : 'number'
    note(editing, one, `the ${what} "${shownWords([from])}" of this server changes to "${word}"`)
  }
}

const changeServer = (
  editing: Editing,
  one: HaproxyStatement,
  wanted: WantedServer,
  rules: ParameterRules,
): void => {
  changeHead(editing, one, wanted)
  const words = wordsOf(one)
  const { changes, edits } = mergeParameters(one, headLength(words), wanted.parameters, rules)
  editing.edits.push(...edits)
  const name = wanted.isNamed ? wanted.head[1] : words[1]
  for (const { from, to } of changes)
    note(editing, one, `${shownWords([shownChange(from, to)])} in server "${name}"`)
}

/** Parameters that only one server can have, or that are of no use without others. */
const individual = /^(?:id|guid|track|redir|observe|error-limit|on-error|sni|crt)$/

/** What all servers of the section have: a new one gets it, too, such as `check` or `send-proxy`. */
const commonOf = (
  existing: readonly HaproxyStatement[],
  rules: ParameterRules,
): readonly (readonly string[])[] => {
  const [first = [], ...others] = existing.map((one) => {
    const words = wordsOf(one)
    return parametersIn(words, headLength(words), rules)
  })
  const texts = others.map((parameters) => new Set(parameters.map(textOf)))
  return first.filter((parameter) => {
    const key = rules.keyOf(textOf(parameter))
    // The value may be missing: the next word would be taken for it.
    const isWhole = parameter.length === rules.lengthAt(parameter, 0)
    if (!isWhole || rules.isOwned(key) || individual.test(key)) return false
    return texts.every((other) => other.has(textOf(parameter)))
  })
}

/** The words of a new server, in the order of its neighbour. What the spec sets replaces what all others have. */
const newWords = (
  editing: Editing,
  existing: readonly HaproxyStatement[],
  { head, onlyNew, parameters }: WantedServer,
  sibling: HaproxyStatement | null,
): readonly string[] => {
  const inherited = inheritedIn(editing)
  const rules = serverRules(inherited)
  const keyOf = (parameter: readonly string[]): string => rules.keyOf(textOf(parameter))
  const own = parametersIn(parameters, 0, rules).filter(
    (one) => !rules.isSame(null, textOf(one), keyOf(one)),
  )
  const ownKeys = new Set(own.map(keyOf))
  const common = commonOf(existing, rules).filter((one) => !ownKeys.has(keyOf(one)))
  const known = new Set([...ownKeys, ...common.map(keyOf), ...inherited.keys()])
  const added = parametersIn(onlyNew, 0, rules).filter(
    (one) => !known.has(keyOf(one)) && !rules.isSame(null, textOf(one), keyOf(one)),
  )
  const words = sibling === null ? [] : wordsOf(sibling)
  const order = parametersIn(words, headLength(words), rules).map(keyOf)
  const rank = (one: readonly string[]): number => {
    const at = order.indexOf(keyOf(one))
    return at === -1 ? order.length : at
  }
  const all = [...common, ...added, ...own].sort((one, other) => rank(one) - rank(other))
  return [...head, ...all.flat()]
}

/** Gives the section the servers of the spec. */
export const editServers = (editing: Editing, wanted: readonly WantedServer[]): void => {
  const { text } = editing
  const existing = serversIn(editing)
  const rules = serverRules(inheritedIn(editing))
  const matches = matchServers(existing, wanted)
  const kept = new Set(matches.values())
  for (const one of existing) {
    if (kept.has(one)) continue
    editing.edits.push(...removeLine(text, one))
    const server = shownWords(wordsOf(one).slice(1))
    note(editing, one, `server "${server}" is removed, because it is not in the spec`)
  }
  const before = existing.find((one) => kept.has(one)) ?? existing[0] ?? null
  let previous: HaproxyStatement | null = null
  for (const server of wanted) {
    const match = matches.get(server)
    if (match !== undefined) {
      changeServer(editing, match, server, rules)
      previous = match
      continue
    }
    const sibling: HaproxyStatement | null = previous ?? before
    const words = newWords(editing, existing, server, sibling).map(haproxyWord)
    const line = alignedWith(text, sibling, words)
    const indent = sibling === null ? editing.indent : (indentOf(text, sibling.start) ?? '')
    editing.edits.push(
      ...(previous === null && before !== null
        ? insertLinesBefore(text, before.start, indent, [line])
        : insertLines(text, (previous ?? editing.anchor).end, indent, [line])),
    )
  }
}
