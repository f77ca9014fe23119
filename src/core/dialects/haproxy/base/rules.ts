import type { HaproxyStatement } from '../../../config/haproxy/config.ts'
import type { BackendLines } from '../backends/lines.ts'
import type { Line } from '../lines.ts'
import { type Editing, insert, remove, replace, wordsOf } from './editing.ts'

/** Older names of a sample mean the same. */
const currentName = (word: string): string =>
  word
    .replace(/^(?:req\.)?cook(?:ie)?\(/, 'req.cook(')
    .replace(/^(?:set-cookie|scook|res\.scook)\(/, 'res.cook(')
    .replace(/^(?:req\.)?hdr\(/, 'req.hdr(')

const isSame = (statement: HaproxyStatement, { words }: Line): boolean => {
  const existing = wordsOf(statement)
  return (
    existing.length === words.length &&
    existing.every((word, index) => currentName(word) === currentName(words[index] ?? ''))
  )
}

/**
 * Gives the section the lines of one kind, in their order: those that are there already stay, others
 * are changed in their place, added after the line before them, or removed.
 */
export const align = (
  editing: Editing,
  existing: readonly HaproxyStatement[],
  wanted: readonly Line[],
  anchor: HaproxyStatement = editing.anchor,
): void => {
  let previous = anchor
  let left = existing
  for (const [index, line] of wanted.entries()) {
    const later = wanted.slice(index + 1)
    const at = left.findIndex((one) => isSame(one, line))
    const match = left[at]
    if (match !== undefined) {
      for (const one of left.slice(0, at)) remove(editing, one)
      left = left.slice(at + 1)
      previous = match
      continue
    }
    const [next, ...others] = left
    if (next !== undefined && !later.some((one) => isSame(next, one))) {
      replace(editing, next, line.words)
      left = others
      previous = next
    } else insert(editing, previous, line.words)
  }
  for (const one of left) remove(editing, one)
}

const routeVariable = /^set-var(?:-fmt)?\(txn\.(?:session|cookie[23]|cookies|route)\)$/
const hashVariable = /^set-var(?:-fmt)?\(txn\.hash\)$/

/** `use-server` with the name of the server in a variable. */
export const isByRoute = ({ args, name }: HaproxyStatement): boolean =>
  name === 'use-server' && args[0] === '%[var(txn.route)]'

const isDown = (words: readonly string[]): boolean =>
  /^(?:acl down (?:var\(txn\.route\)|req\.cook\(\S+\),field\(1,.\)) |http-request deny deny_status 503 if down$)/.test(
    words.join(' '),
  )

const isCookiePath = ({ args, name }: HaproxyStatement): boolean =>
  name === 'http-after-response' &&
  args[0] === 'replace-header' &&
  args[1]?.toLowerCase() === 'set-cookie' &&
  args[2]?.endsWith('=[^;]*; path=)/(;.*)?$') === true

/** HAProxy warns of an `http-request` after a `use-server`, which it reads before in any case. */
const anchorsOf = ({ anchor, proxy: { section } }: Editing) => {
  const { header, lines } = section
  const first = lines.findIndex(({ name }) => name === 'use-server')
  const before = first === -1 ? anchor : (lines[first - 1] ?? header)
  const last = lines.findLast(({ name }) => name === 'http-request') ?? anchor
  return {
    rules: before.start < anchor.start ? before : anchor,
    useServer: last.start > anchor.start ? last : anchor,
  }
}

/** The rules of a section that the affinity needs, kind by kind; other rules stay. */
export const editRules = (editing: Editing, lines: BackendLines): void => {
  const { section } = editing.proxy
  const hasRoutes = lines.useServer.length > 0 || section.lines.some(isByRoute)
  const isSticking = ({ args, name }: HaproxyStatement): boolean =>
    name === 'stick' && !args.includes('table')
  const isRule = (statement: HaproxyStatement): boolean => {
    const [action = ''] = statement.args
    if (statement.name !== 'http-request') return false
    const isVariable = hashVariable.test(action) || (hasRoutes && routeVariable.test(action))
    return isVariable || isDown(wordsOf(statement))
  }
  const isAcl = (statement: HaproxyStatement): boolean =>
    statement.name === 'acl' && isDown(wordsOf(statement))
  const anchors = anchorsOf(editing)
  align(editing, section.lines.filter(isSticking), lines.stick.slice(1))
  align(editing, section.lines.filter(isCookiePath), lines.cookiePath)
  align(editing, section.lines.filter(isAcl), lines.acls, anchors.rules)
  align(editing, section.lines.filter(isRule), lines.rules, anchors.rules)
  align(editing, section.lines.filter(isByRoute), lines.useServer, anchors.useServer)
}
