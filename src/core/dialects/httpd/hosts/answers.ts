import { formatRedirectUrl } from '../../../model/answer.ts'
import type { Answer, Frontend, Location } from '../../../model/cluster.ts'
import type { Context } from '../context.ts'
import { expressionText, rewriteText } from '../quote.ts'

/** RewriteRule, with the RewriteCond lines before it. */
export interface RewriteView {
  readonly conditions: readonly (readonly [test: string, pattern: string])[]
  readonly expression: string
  readonly substitution: string
  readonly flags: string
}

/** The text of a fixed response. */
export interface ResponseView {
  readonly status: number
  /** An expression that gives the text. */
  readonly text: string
  readonly type: string
}

/** The path as the client sent it, without scheme and host: the first group of the condition. */
export const requestPath: RewriteView['conditions'][number] = [
  '%{THE_REQUEST}',
  String.raw`^\S+ +(?:[A-Za-z]+://[^/? ]*)?([^? ]*)`,
]

/** Since 2.4.60, mod_rewrite rejects a question mark from a group (CVE-2024-38474). */
export const requestUri = '%1?%{QUERY_STRING}'

/** httpd completes a path with the scheme of its listener: a proxy in front may use another one. */
const prefixOf = ({ clientAddress }: Frontend, url: string): string =>
  clientAddress !== null && url.startsWith('/') ? '%{ENV:sessctl-scheme}://%{HTTP_HOST}' : ''

const redirectOf = (
  frontend: Frontend,
  { to, code }: Extract<Answer, { kind: 'redirect' }>,
  expression: string,
): RewriteView => {
  const url = formatRedirectUrl(to, {
    text: rewriteText,
    host: '%{SERVER_NAME}',
    uri: requestUri,
  })
  const hasUri = to.some(({ kind }) => kind === 'uri')
  return {
    conditions: hasUri ? [requestPath] : [],
    expression,
    substitution: `${prefixOf(frontend, url)}${url}`,
    flags: `[R=${code},L,NE${hasUri ? '' : ',QSD'}]`,
  }
}

/** null: httpd does not answer requests of the location itself. */
export const rewriteOf = (
  frontend: Frontend,
  { action }: Location,
  expression: string,
  { modules }: Context,
): RewriteView | null => {
  if (action.kind !== 'redirect' && action.kind !== 'respond') return null
  modules.add('rewrite')
  if (action.kind === 'redirect') return redirectOf(frontend, action, expression)
  return { conditions: [], expression, substitution: '-', flags: `[R=${action.status},L]` }
}

/** ErrorDocument reads these as a path, a URL and a keyword. */
const hasMeaning = /^\/|^[A-Za-z0-9+.-]+:|^default$/i

/** The same text, with the first character as an octal number where ErrorDocument would read more than text. */
const documentText = (body: string): string => {
  const text = expressionText(body)
  if (!hasMeaning.test(text)) return text
  return `\\${text.charCodeAt(0).toString(8).padStart(3, '0')}${text.slice(1)}`
}

/** null: the response has no body of its own. */
export const responseOf = ({ action }: Location): ResponseView | null => {
  if (action.kind !== 'respond' || action.status === 204) return null
  const { status, body, contentType } = action
  // Without a text, httpd sends its own page for an error.
  if (body === null && status >= 300) return null
  return { status, text: documentText(body ?? ''), type: contentType }
}
