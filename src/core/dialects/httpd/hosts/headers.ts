import { atValue } from '../../../diagnostics/diagnostic.ts'
import type { Frontend, Upstream } from '../../../model/cluster.ts'
import { headerTwins } from '../../header-twins.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'
import { balancerUrl } from '../names.ts'
import { headerText } from '../quote.ts'
import { literal } from '../words.ts'
import { type ClientView, clientView, set, unset } from './client.ts'
import { type CookieView, cookieOf } from './cookie.ts'

export interface HeadersView {
  /** Expressions for header names that applications take for one that is set here. */
  readonly twins: readonly string[]
  readonly variables: ClientView['variables']
  readonly requests: ClientView['requests']
  readonly cookies: readonly CookieView[]
}

const ownHeaders = ({ headers }: Frontend, context: Context): HeadersView['requests'] =>
  headers.map(({ name, value, path }) => {
    if (value.startsWith('expr=')) {
      report(
        context.findings,
        'httpd-header',
        atValue(path),
        'httpd takes a value that begins with "expr=" for an expression',
        'begin it with something else',
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
  context.modules.add('headers').add('setenvif').add('alias')
  const all = [
    ...requests.filter(({ name }) => !own.has(name.toLowerCase())),
    ...ownHeaders(frontend, context),
  ]
  const replaced = new Set(all.flatMap(({ name, isSet }) => (isSet ? [name] : [])))
  const twins = new Set(all.flatMap(({ name }) => headerTwins(name) ?? []))
  return {
    twins: [...twins].map((twin) => `^${twin}$`),
    variables,
    // A header that the client sent keeps its place, and an application may take the last of its twins.
    requests: [...[...replaced].map(unset), ...all],
    cookies: upstreamsOf(frontend).flatMap(
      (upstream) => cookieOf(upstream, balancerUrl(upstream), context) ?? [],
    ),
  }
}
