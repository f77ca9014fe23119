import { atValue } from '../../../diagnostics/diagnostic.ts'
import type { Frontend, Upstream } from '../../../model/cluster.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'
import { balancerUrl } from '../names.ts'
import { headerText } from '../quote.ts'
import { literal } from '../words.ts'
import { type ClientView, clientView, set } from './client.ts'
import { type CookieView, cookieOf } from './cookie.ts'

export interface HeadersView {
  readonly variables: ClientView['variables']
  readonly requests: ClientView['requests']
  readonly cookies: readonly CookieView[]
}

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
    return set(name, headerText(literal(value, path, context)))
  })

const upstreamsOf = ({ locations }: Frontend): readonly Upstream[] => [
  ...new Set(locations.flatMap(({ action }) => (action.kind === 'proxy' ? [action.upstream] : []))),
]

export const headersOf = (
  frontend: Frontend,
  scheme: 'http' | 'https',
  context: Context,
): HeadersView => {
  const own = new Set(frontend.headers.map(({ name }) => name.toLowerCase()))
  const { variables, requests } = clientView(frontend, scheme)
  context.modules.add('headers').add('setenvif')
  return {
    variables,
    requests: [
      ...requests.filter(({ name }) => !own.has(name.toLowerCase())),
      ...ownHeaders(frontend, context),
    ],
    cookies: upstreamsOf(frontend).flatMap(
      (upstream) => cookieOf(upstream, balancerUrl(upstream), context) ?? [],
    ),
  }
}
