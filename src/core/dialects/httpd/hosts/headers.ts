import { atValue } from '../../../diagnostics/diagnostic.ts'
import type { Frontend, Upstream } from '../../../model/cluster.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'
import { balancerUrl } from '../names.ts'
import { headerText } from '../quote.ts'
import { literal } from '../words.ts'
import { type CookieView, cookieOf } from './cookie.ts'

export interface HeadersView {
  /** `ProxyAddHeaders`: X-Forwarded-For and two more, unless the spec has its own. */
  readonly addsForwarded: boolean
  /** RequestHeader set. */
  readonly requests: readonly { readonly name: string; readonly value: string }[]
  readonly cookies: readonly CookieView[]
}

const usualHeaders = (isTls: boolean) => [
  { name: 'X-Real-IP', value: 'expr=%{REMOTE_ADDR}' },
  { name: 'X-Forwarded-Proto', value: isTls ? 'https' : 'http' },
]

const ownHeaders = ({ headers }: Frontend, context: Context): HeadersView['requests'] =>
  headers.map(({ name, value, path }) => {
    if (value.startsWith('expr=')) {
      context.findings.push(
        report(
          'httpd-header',
          atValue(path),
          'httpd takes a value that begins with "expr=" for an expression',
          'begin it with something else',
        ),
      )
    }
    return { name, value: headerText(literal(value, path, context)) }
  })

const upstreamsOf = ({ locations }: Frontend): readonly Upstream[] => [
  ...new Set(locations.flatMap(({ action }) => (action.kind === 'proxy' ? [action.upstream] : []))),
]

export const headersOf = (frontend: Frontend, isTls: boolean, context: Context): HeadersView => {
  const own = new Set(frontend.headers.map(({ name }) => name.toLowerCase()))
  context.modules.add('headers')
  return {
    addsForwarded: !own.has('x-forwarded-for'),
    requests: [
      ...usualHeaders(isTls).filter(({ name }) => !own.has(name.toLowerCase())),
      ...ownHeaders(frontend, context),
    ],
    cookies: upstreamsOf(frontend).flatMap(
      (upstream) => cookieOf(upstream, balancerUrl(upstream), context) ?? [],
    ),
  }
}
