import type { ErrorView, PageView } from './error-pages.ts'
import type { Acl, Rule } from './rules.ts'

/** One line of a section, for templates/haproxy/partials/line.hbs; its words are not quoted yet. */
export interface Line {
  /** The comment above it; null: none. */
  readonly comment: string | null
  readonly words: readonly string[]
}

export const line = (...words: readonly (string | number)[]): Line => ({
  comment: null,
  words: words.map(String),
})

/** A line if there is a value to write. */
export const lineIf = <Value>(
  value: Value | null | false,
  words: (value: Value) => readonly (string | number)[],
): readonly Line[] => (value === null || value === false ? [] : [line(...words(value))])

const page = ({ type, file }: PageView): readonly string[] => ['content-type', type, 'file', file]

export const errorLine = (error: ErrorView): Line =>
  line('http-error', 'status', error.status, ...page(error))

export const aclLine = ({ isCaseless, method, name, patterns, sample }: Acl): Line =>
  line(
    ...['acl', name, sample],
    ...(method === null ? [] : ['-m', method]),
    ...(isCaseless ? ['-i'] : []),
    ...['--', ...patterns],
  )

const written = <Value>(
  value: Value | null,
  words: (value: Value) => readonly (string | number)[],
): readonly (string | number)[] => (value === null ? [] : words(value))

const pageOf = (rule: Rule): readonly string[] => (rule.page === null ? [] : page(rule.page))

/** The words of the action that a rule has. */
const actionOf = (rule: Rule): readonly (string | number)[] => [
  ...written(rule.setVariable, ({ name, sample }) => ['http-request', `set-var(${name})`, sample]),
  ...written(rule.setVariableFormat, ({ name, format }) => [
    ...['http-request', `set-var-fmt(${name})`, format],
  ]),
  ...written(rule.setHeader, ({ name, format }) => ['http-request', 'set-header', name, format]),
  ...written(rule.removeHeader, (name) => ['http-request', 'del-header', name]),
  ...written(rule.replaceValue, ({ name, expression, format }) => [
    ...['http-request', 'replace-value', name, expression, format],
  ]),
  ...written(rule.replacePath, ({ expression, format }) => [
    ...['http-request', 'replace-path', expression, format],
  ]),
  ...written(rule.replaceResponse, ({ name, expression, format }) => [
    ...['http-response', 'replace-header', name, expression, format],
  ]),
  ...written(rule.setSource, (sample) => ['http-request', 'set-src', sample]),
  ...written(rule.track, ({ counter, sample, table }) => [
    ...['http-request', `track-sc${counter}`, sample, 'table', table],
  ]),
  ...written(rule.increment, (counter) => ['http-request', `sc-inc-gpc0(${counter})`]),
  ...written(rule.denyStatus, (status) => [
    ...['http-request', 'deny', 'deny_status', status, ...pageOf(rule)],
  ]),
  ...written(rule.returnStatus, (status) => [
    ...['http-request', 'return', 'status', status, ...pageOf(rule)],
  ]),
  ...written(rule.replaceAnswer, (answer) => [
    ...['http-response', 'return', 'status', answer.status, ...page(answer)],
  ]),
  ...written(rule.setTimeout, ({ kind, timeout }) => [
    ...['http-request', 'set-timeout', kind, timeout],
  ]),
  ...written(rule.responseHeader, ({ action, format, name }) => [
    ...['http-after-response', action, name, ...(format ? [format] : [])],
  ]),
  ...written(rule.redirect, ({ code, location }) => [
    ...['http-request', 'redirect', 'code', code, 'location', location],
  ]),
]

export const ruleLine = (rule: Rule): Line => {
  const { comment, conditions } = rule
  const words = [...actionOf(rule), ...(conditions.length === 0 ? [] : ['if', ...conditions])]
  return { ...line(...words), comment }
}
