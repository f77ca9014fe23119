import { replaceWord } from '../../../config/edit/lines.ts'
import type { HttpdBalancer } from '../../../config/httpd/balancers.ts'
import {
  attributeValue,
  cookieAttributes,
  type SetCookie,
  setCookies,
} from '../../../config/httpd/set-cookies.ts'
import { shownWords } from '../../../diagnostics/source-lines.ts'
import type { Upstream } from '../../../model/cluster.ts'
import type { Balancer } from '../balancers/index.ts'
import type { Context } from '../context.ts'
import { type CookieView, cookieOf } from '../hosts/headers.ts'
import { httpdWord } from '../quote.ts'
import { type Editing, hasVariable, note, remove, written } from './editing.ts'
import { type Base, writtenOf } from './open.ts'

/** Attributes that the spec decides. */
const owned: ReadonlySet<string> = new Set([
  ...['path', 'domain', 'max-age', 'httponly', 'secure', 'samesite'],
])

/** The cookie that a balancer has, without the name that it has in URLs. */
const sessionOf = (text: string | undefined): string => text?.split('|', 1)[0] ?? ''

const stickyIn = ({ parameters }: HttpdBalancer): string =>
  sessionOf(parameters.findLast(({ name }) => name === 'stickysession')?.value)

/** Whether a cookie belongs to a balancer alone: its condition names it, or no other one reads it. */
const belongsTo = (
  base: Base,
  cookie: SetCookie,
  url: string,
  existing: HttpdBalancer,
): boolean => {
  if (cookie.balancer !== null) return cookie.balancer === url
  const readers = base.hosts.flatMap(({ balancers }) =>
    balancers.filter((one) => stickyIn(one) === cookie.name),
  )
  return stickyIn(existing) === cookie.name && readers.every(({ name }) => name === existing.name)
}

/** An attribute in a form that can be compared. A cookie without a path has that of most requests. */
const attributeKey = (name: string, text: string | undefined): string | null => {
  if (text === undefined) return name === 'path' ? '/' : null
  const value = attributeValue(text)
  return name === 'path' ? value : value.toLowerCase()
}

/** The value with the attributes of the spec. Others, and their order, are those of the file. */
const withAttributes = (existing: string, wanted: string): string => {
  const [was, to] = [cookieAttributes(existing), cookieAttributes(wanted)]
  const isSame = (name: string): boolean =>
    attributeKey(name, was.get(name)) === attributeKey(name, to.get(name))
  if ([...owned].every(isSame)) return existing
  const kept = [...was].flatMap(([name, text]) =>
    !owned.has(name) || isSame(name) ? [text] : (to.get(name) ?? []),
  )
  const added = [...to].flatMap(([name, text]) => (was.has(name) ? [] : [text]))
  return [existing.split(';', 1)[0] ?? '', ...kept, ...added].join('; ')
}

const changeCookie = (editing: Editing, cookie: SetCookie, wanted: CookieView): void => {
  const { argument, statement, value } = cookie
  const to = withAttributes(value, wanted.value)
  const line = writtenOf(statement)
  if (to === value || line === null) return
  if (hasVariable(statement)) {
    const message = `the cookie "${shownWords([cookie.name])}" is kept: it is written with a variable`
    note(editing, 'httpd-base-variable', statement, message)
    return
  }
  editing.edits.add(statement.path, replaceWord(line, argument + 1, httpdWord(to)))
  // Whether it is set with each answer, or for a new server only, depends on its age.
  const condition = statement.args.findIndex((word) => word.startsWith('expr='))
  if (cookie.balancer !== null && statement.args[condition] !== wanted.condition)
    editing.edits.add(statement.path, replaceWord(line, condition + 1, httpdWord(wanted.condition)))
  note(editing, 'httpd-base-method', statement, `this cookie changes to "${shownWords([to])}"`)
}

/** Each directive once: one in a macro is executed several times. */
const cookiesIn = ({ files }: Base): readonly SetCookie[] => [
  ...new Map(setCookies(files.statements).map((one) => [one.statement.directive, one])).values(),
]

/**
 * Gives the cookie of the affinity the attributes of the spec, and removes that of an earlier one.
 * @returns the line that sets it, if the files lack one; null: it is not needed.
 */
export const editCookie = (
  editing: Editing,
  existing: HttpdBalancer | null,
  { sticky, url }: Balancer,
  upstream: Upstream,
  context: Context,
): string | null => {
  const cookies = cookiesIn(editing.base)
  const wanted = cookieOf(upstream, url, context)
  const name = sessionOf(sticky?.session)
  for (const cookie of cookies) {
    if (!cookie.isRoute || cookie.name === name || existing === null) continue
    if (!belongsTo(editing.base, cookie, url.toLowerCase(), existing)) continue
    remove(editing, cookie.statement)
    const message = `the cookie "${shownWords([cookie.name])}" is no longer set: the affinity of the spec does not read it`
    note(editing, 'httpd-base-method', cookie.statement, message)
  }
  if (wanted === null) return null
  const own = cookies.filter((cookie) => cookie.name === name)
  for (const cookie of own) if (cookie.isRoute) changeCookie(editing, cookie, wanted)
  return own.length > 0
    ? null
    : written(['Header', 'add', 'Set-Cookie', wanted.value, wanted.condition])
}
