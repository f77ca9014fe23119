/** A named condition; several lines of one name are alternatives. */
export interface Acl {
  readonly name: string
  /** What is looked at, such as `var(txn.path)`. */
  readonly sample: string
  /** How: `str`, `beg`, `end`, `reg`, `ip`; null: as the sample's own kind. */
  readonly method: string | null
  readonly isCaseless: boolean
  /** Never empty. */
  readonly patterns: readonly string[]
}

interface Actions {
  readonly setVariable: { readonly name: string; readonly sample: string } | null
  /** From a format with `%[…]`, for texts of several parts. */
  readonly setVariableFormat: { readonly name: string; readonly format: string } | null
  readonly setHeader: { readonly name: string; readonly format: string } | null
  readonly removeHeader: string | null
  /** Each element of the header that matches becomes the format. */
  readonly replaceValue: {
    readonly name: string
    readonly expression: string
    readonly format: string
  } | null
  /** A path that matches becomes the format. */
  readonly replacePath: { readonly expression: string; readonly format: string } | null
  /** The same for a header of the application's response. */
  readonly replaceResponse: {
    readonly name: string
    readonly expression: string
    readonly format: string
  } | null
  /** Sample with the client's address. */
  readonly setSource: string | null
  /** Counts the request in a table, by a key; with `increment`, once it is accepted. */
  readonly track: {
    readonly counter: number
    readonly sample: string
    readonly table: string
  } | null
  /** The counter of a request that is accepted. */
  readonly increment: string | null
  /** Refuses with this status. */
  readonly denyStatus: number | null
  /** The same for a status that `deny` does not have. */
  readonly returnStatus: number | null
  /** The page of a refusal; null: that of HAProxy, or no body. */
  readonly page: { readonly type: string; readonly file: string } | null
  /** Instead of an answer of the application. */
  readonly replaceAnswer: {
    readonly status: number
    readonly type: string
    readonly file: string
  } | null
  /** For this request. */
  readonly setTimeout: { readonly kind: 'server' | 'tunnel'; readonly timeout: string } | null
  /** Of the response; a format of null removes the header. */
  readonly responseHeader: {
    readonly action: 'set-header' | 'add-header' | 'del-header'
    readonly name: string
    readonly format: string | null
  } | null
  /** The location is a format. */
  readonly redirect: { readonly code: number; readonly location: string } | null
}

/** One http-request line: one action, where all conditions hold. */
export interface Rule extends Actions {
  /** The comment above the line; null: none. */
  readonly comment: string | null
  /** Words after `if`; empty: always. */
  readonly conditions: readonly string[]
}

const nothing: Actions = {
  setVariable: null,
  setVariableFormat: null,
  setHeader: null,
  removeHeader: null,
  replaceValue: null,
  replacePath: null,
  replaceResponse: null,
  setSource: null,
  track: null,
  increment: null,
  denyStatus: null,
  returnStatus: null,
  page: null,
  replaceAnswer: null,
  setTimeout: null,
  responseHeader: null,
  redirect: null,
}

export const rule = (action: Partial<Actions>, conditions: readonly string[] = []): Rule => ({
  ...nothing,
  ...action,
  conditions,
  comment: null,
})

/** The rules with a comment above the first of them. */
export const explained = (comment: string, rules: readonly Rule[]): readonly Rule[] =>
  rules.map((each, index) => (index === 0 ? { ...each, comment } : each))

export const setVariable = (
  name: string,
  sample: string,
  conditions: readonly string[] = [],
): Rule => rule({ setVariable: { name, sample } }, conditions)

/** Patterns of one condition over lines that HAProxy takes: a line has at most 64 words. */
export const patternsPerLine = 16

export const aclLines = (acl: Acl): readonly Acl[] => {
  const lines: Acl[] = []
  for (let at = 0; at < acl.patterns.length; at += patternsPerLine)
    lines.push({ ...acl, patterns: acl.patterns.slice(at, at + patternsPerLine) })
  return lines
}
