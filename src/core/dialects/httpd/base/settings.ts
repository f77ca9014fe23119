import { removeWord, replaceWord } from '../../../config/edit/lines.ts'
import { shownChange } from '../../../config/edit/parameters.ts'
import type { HttpdParameter } from '../../../config/httpd/balancer-lines.ts'
import type { HttpdBalancer } from '../../../config/httpd/balancers.ts'
import type { HttpdStatement } from '../../../config/httpd/statements.ts'
import { shownWords } from '../../../diagnostics/source-lines.ts'
import type { Balancer } from '../balancers/index.ts'
import { setLines } from '../balancers/lines.ts'
import { httpdWord } from '../quote.ts'
import { type Editing, hasVariable, insertAfter, note, remove, written } from './editing.ts'
import { type Base, balancersOf, writtenOf } from './open.ts'
import { balancerRules } from './parameters.ts'

const textOf = ({ name, value }: HttpdParameter): string => `${name}=${value}`

/** Among the words of the directive, of which the first one is its name. */
const indexOf = ({ argument }: HttpdParameter): number => argument + 1

const isKept = (editing: Editing, parameter: HttpdParameter): boolean => {
  const { statement } = parameter
  if (writtenOf(statement) !== null && !hasVariable(statement)) return false
  const message = `"${shownWords([textOf(parameter)])}" is kept: it is written with a variable`
  note(editing, 'httpd-base-variable', statement, message)
  return true
}

const change = (editing: Editing, parameter: HttpdParameter, to: string): void => {
  const { statement } = parameter
  const line = writtenOf(statement)
  if (line === null || isKept(editing, parameter)) return
  editing.edits.add(statement.path, replaceWord(line, indexOf(parameter), httpdWord(to)))
  const message = shownWords([shownChange(textOf(parameter), to)])
  note(editing, 'httpd-base-method', statement, message)
}

/** A ProxySet that would have no parameter left is removed with its line. */
const removeParameters = (editing: Editing, parameters: readonly HttpdParameter[]): void => {
  const statements = new Set(parameters.map(({ statement }) => statement))
  for (const statement of statements) {
    const line = writtenOf(statement)
    const own = parameters.filter((one) => one.statement === statement)
    const [first] = own
    if (line === null || first === undefined || isKept(editing, first)) continue
    const all = statement.args.filter((word) => word.includes('='))
    if (statement.name === 'proxyset' && all.length === own.length) remove(editing, statement)
    else for (const one of own) editing.edits.add(statement.path, removeWord(line, indexOf(one)))
    for (const one of own) {
      const message = `"${shownWords([textOf(one)])}" is removed, because it is not in the spec`
      note(editing, 'httpd-base-method', statement, message)
    }
  }
}

/** A balancer as each host has it that sends requests to it, and as the host has it that holds its members. */
export interface Held {
  readonly effective: readonly HttpdBalancer[]
  /** Null: no host has members. */
  readonly holder: HttpdBalancer | null
}

export const heldBy = (base: Base, name: string, existing: HttpdBalancer | null): Held => {
  const users = balancersOf(base, name).filter(({ uses }) => uses.length > 0)
  const hasMembers = existing !== null && existing.members.length > 0
  const own = existing === null ? [] : [existing]
  return { effective: users.length > 0 ? users : own, holder: hasMembers ? existing : null }
}

/** The parameters of a name, as they apply in each host; null: a host has none. */
const parametersNamed = (
  { effective, holder }: Held,
  name: string,
): readonly (HttpdParameter | null)[] => {
  const ofName = ({ parameters }: HttpdBalancer): HttpdParameter | null =>
    parameters.find((one) => one.name === name) ?? null
  const found = effective.length === 0 ? [null] : effective.map(ofName)
  // A virtual host does not inherit it: adding it to the members would not help.
  if (name !== 'lbmethod') return found
  return [holder === null ? null : ofName(holder), ...found.filter((one) => one !== null)]
}

/**
 * Gives the balancer the method and the affinity of the spec.
 * @returns the words of each ProxySet that is missing.
 */
export const editSettings = (
  editing: Editing,
  held: Held,
  balancer: Balancer,
): readonly (readonly string[])[] => {
  const { isOwned, isSame, keyOf } = balancerRules
  const wanted = setLines({ ...balancer, attempts: null })
  const changed = new Set<HttpdParameter>()
  // How an existing affinity reads a URL is that of the file.
  const hasSession = parametersNamed(held, 'stickysession').every((one) =>
    wanted.flat().includes(one === null ? '' : textOf(one)),
  )
  const isOfFile = (key: string): boolean => hasSession && key === 'scolonpathdelim'
  const missing = wanted.map((words) =>
    words.filter((word) => {
      const found = parametersNamed(held, keyOf(word))
      for (const parameter of found) {
        if (parameter === null || changed.has(parameter)) continue
        changed.add(parameter)
        if (!isSame(textOf(parameter), word, keyOf(word))) change(editing, parameter, word)
      }
      return found.includes(null) && !isOfFile(keyOf(word)) && !isSame(null, word, keyOf(word))
    }),
  )
  const names = new Set(wanted.flat().map(keyOf))
  const others = held.effective.flatMap(({ parameters, replaced }) => [...parameters, ...replaced])
  const removed = [...new Set(others)].filter(
    (one) => isOwned(one.name) && !names.has(one.name) && !isSame(textOf(one), null, one.name),
  )
  removeParameters(editing, removed)
  return missing.filter((words) => words.length > 0)
}

/** The balancer that a ProxySet or a BalancerMember outside of `<Proxy>` names. */
const targetOf = ({ args: [first = ''] }: HttpdStatement): readonly string[] =>
  /^balancer:/i.test(first) ? [first] : []

/** Adds what is missing to a balancer that has members. */
export const addSettings = (
  editing: Editing,
  { parameters }: HttpdBalancer,
  missing: readonly (readonly string[])[],
  lastMember: HttpdStatement,
): void => {
  const set = parameters.findLast(
    ({ statement }) => statement.name === 'proxyset' && writtenOf(statement) !== null,
  )
  const after = set?.statement ?? lastMember
  for (const words of missing) {
    insertAfter(editing, after, written(['ProxySet', ...targetOf(after), ...words]))
    note(editing, 'httpd-base-method', after, `"${shownWords(words)}" is added to this balancer`)
  }
}
