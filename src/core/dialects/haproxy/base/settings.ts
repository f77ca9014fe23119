import { mergeParameters, type ParameterRules } from '../../../config/edit/parameters.ts'
import type { HaproxySetting } from '../../../config/haproxy/effective.ts'
import { haproxyKey } from '../../../config/haproxy/keys.ts'
import { shownWords } from '../../../diagnostics/source-lines.ts'
import type { BackendLines } from '../backends/lines.ts'
import type { Line } from '../lines.ts'
import { haproxyWord } from '../quote.ts'
import { report } from './codes.ts'
import { type Editing, insert, noteChange, remove, replace, wordsOf } from './editing.ts'
import { hashFormOf } from './hash-forms.ts'
import { cookieRules, millisecondsOf, tableRules } from './parameters.ts'

/** A line of which the last one counts. */
interface Single {
  readonly key: string
  readonly name: string
  readonly args: readonly string[]
  readonly isOff: boolean
  readonly words: readonly string[]
}

const singleOf = ({ words }: Line): Single => {
  const isOff = words[0] === 'no'
  const [name = '', ...args] = isOff ? words.slice(1) : words
  return { key: haproxyKey(name, args) ?? name, name, args, isOff, words }
}

/** Methods that hash something of the request or the client. */
const hashes = /^(?:source|uri|url_param|hash|hdr\(.*|rdp-cookie.*)$/

/** What HAProxy does without the line. */
const isUsual = ({ args, name, isOff }: Single): boolean =>
  (name === 'balance' && args.join(' ') === 'roundrobin') ||
  (name === 'hash-type' && args.join(' ') === 'map-based') ||
  (name === 'option' && isOff)

const isSame = ({ args, isOff, name }: Single, setting: HaproxySetting): boolean => {
  if (isOff !== setting.isOff) return false
  const [one, other] = [args.join(' '), setting.args.join(' ')]
  // The key of computed cookies is chosen by sessctl.
  if (name === 'dynamic-cookie-key' || one === other) return true
  // The function of a hash is that of the file.
  if (name === 'hash-type') return args[0] === setting.args[0]
  // Another form of the same key would send every client to another server.
  if (name === 'balance')
    return one === other.replace(/^random\(2\)$/, 'random') || one === hashFormOf(setting.args)
  if (name === 'option') return args[0] === setting.args[0]
  if (name !== 'timeout' || args[0] !== setting.args[0]) return false
  return millisecondsOf(args[1] ?? '') === millisecondsOf(setting.args[1] ?? '')
}

/** Lines with parameters that can be changed one by one; `named` words are before them. */
const mergedLines: Readonly<
  Record<string, { readonly named: number; readonly rules: ParameterRules }>
> = {
  cookie: { named: 1, rules: cookieRules },
  'stick-table': { named: 0, rules: tableRules },
}

const isSameMerged = (wanted: Single, { args, statement }: HaproxySetting): boolean => {
  const merged = mergedLines[wanted.name]
  if (merged === undefined) return false
  const { named, rules } = merged
  const { changes } = mergeParameters(statement, 1 + named, wanted.args.slice(named), rules)
  return changes.length === 0 && (named === 0 || args[0] === wanted.args[0])
}

const change = (editing: Editing, { statement }: HaproxySetting, wanted: Single): void => {
  const merged = mergedLines[wanted.name]
  if (merged === undefined) {
    // What follows the name of a function belongs to it.
    const isHashType = wanted.name === 'hash-type' && statement.args.length > 1
    replace(editing, statement, [...wanted.words, ...(isHashType ? statement.args.slice(1) : [])])
    return
  }
  const { named, rules } = merged
  const name = named === 0 ? undefined : statement.words[1]
  const { edits } = mergeParameters(statement, 1 + named, wanted.args.slice(named), rules)
  editing.edits.push(...edits)
  if (name !== undefined && name.value !== wanted.args[0])
    editing.edits.push({
      start: name.start,
      end: name.end,
      text: haproxyWord(wanted.args[0] ?? ''),
    })
  const was = shownWords(wordsOf(statement))
  noteChange(
    editing,
    statement,
    `"${was}" changes to that of the spec: ${shownWords(wanted.words)}`,
  )
}

const noteVariable = (
  { base, findings }: Editing,
  { name, path, statement }: HaproxySetting,
): void =>
  report(
    findings,
    'haproxy-base-variable',
    base.at(path, statement.start),
    `"${name}" is kept: its value is that of an environment variable`,
    null,
  )

/** @param keepsHash whether the file has the method already: another kind of hash would move its clients. */
const write = (editing: Editing, wanted: Single, keepsHash: boolean): void => {
  const setting = editing.settings.findLast(
    ({ name, args }) => (haproxyKey(name, args) ?? name) === wanted.key,
  )
  if (setting === undefined) {
    if (isUsual(wanted) || (wanted.name === 'hash-type' && keepsHash)) return
    insert(editing, editing.anchor, wanted.words)
    return
  }
  if (isSame(wanted, setting) || isSameMerged(wanted, setting)) return
  if (setting.statement.words.some(({ isFixed }) => !isFixed)) noteVariable(editing, setting)
  else if (setting.section === editing.proxy.section) change(editing, setting, wanted)
  else insert(editing, editing.anchor, wanted.words)
}

const isPersistence = ({ args, isOff, name }: HaproxySetting): boolean =>
  name === 'option' && args[0] === 'persist' && !isOff

/** Lines of the section that belong to a method or an affinity, which is not that of the spec. */
const isLeftOver = (setting: HaproxySetting, editing: Editing): boolean => {
  const { args, name } = setting
  if (name === 'cookie') return true
  if (name === 'option') return isPersistence(setting)
  if (name === 'hash-type')
    return editing.settings.some((one) => one.name === 'balance' && hashes.test(one.args[0] ?? ''))
  // A table with counters is for rules of the file.
  const sticks = editing.proxy.section.lines.some((one) => one.name === 'stick')
  return name === 'stick-table' && sticks && !args.includes('store')
}

/** Gives the section the method, the affinity and the settings of the spec that have one line each. */
export const editSettings = (editing: Editing, lines: BackendLines): void => {
  const wanted = [
    ...lines.method,
    ...lines.connections,
    ...lines.persist,
    // Instead of the `no option redispatch` of a strict affinity.
    ...(editing.settings.some(isPersistence) ? lines.redispatch : []),
    ...lines.cookie,
    ...lines.stick.slice(0, 1),
    ...lines.serverDefaults.filter(({ words }) => words[0] === 'timeout'),
  ].map(singleOf)
  const keepsHash = wanted.some(
    (single) =>
      single.name === 'balance' &&
      editing.settings.some((setting) => setting.name === 'balance' && isSame(single, setting)),
  )
  for (const single of wanted) write(editing, single, keepsHash)
  const keys = new Set(wanted.map(({ key }) => key))
  for (const setting of editing.settings) {
    if (keys.has(haproxyKey(setting.name, setting.args) ?? setting.name)) continue
    if (setting.section !== editing.proxy.section || !isLeftOver(setting, editing)) continue
    // An earlier line of this name would take effect.
    for (const line of editing.proxy.section.lines)
      if (
        (haproxyKey(line.name, line.args) ?? line.name) === haproxyKey(setting.name, setting.args)
      )
        remove(editing, line)
  }
}
