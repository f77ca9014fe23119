import { atValue } from '../../../diagnostics/diagnostic.ts'
import { withoutEffect } from '../../../fields.ts'
import type { StickyCookieAffinity } from '../../../model/affinity.ts'
import type { Frontend, Header, Location, Upstream } from '../../../model/cluster.ts'
import { canBeEmpty, literalsOf, variablesOf } from '../../../model/request-text.ts'
import { headerAliases, specifiedHeaders } from '../../forwarding-headers.ts'
import { maxAgeAttributes, sameSiteAttributes } from '../../set-cookie.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'
import { balancerUrl } from '../names.ts'
import { headerText } from '../quote.ts'
import { literal } from '../values.ts'
import { type ClientView, clientView, set, unset } from './client.ts'
import { type HostPlace, requestExpression, storedVariables } from './request-text.ts'

/** A cookie of httpd's own. */
export interface CookieView {
  /** Value of Set-Cookie, with the route filled in by httpd. */
  readonly value: string
  /** When it is set. */
  readonly condition: string
  readonly isNocache: boolean
}

const attributesOf = (affinity: StickyCookieAffinity, context: Context): readonly string[] => {
  const { domain, path } = affinity
  return [
    `path=${headerText(literal(affinity.cookiePath, [...path, 'path'], context))}`,
    ...(domain === null ? [] : [`domain=${domain}`]),
    ...maxAgeAttributes(affinity),
    ...(affinity.httpOnly ? ['HttpOnly'] : []),
    ...(affinity.secure ? ['Secure'] : []),
    ...sameSiteAttributes(affinity),
  ]
}

/**
 * The cookie of an upstream; null: it has none. One that expires is set with each answer, so that it
 * lasts while it is used; any other one when the server changes.
 */
export const cookieOf = (
  { affinity }: Upstream,
  balancer: string,
  context: Context,
): CookieView | null => {
  if (affinity.method !== 'sticky' || affinity.by !== 'cookie') return null
  const route = `${affinity.cookie}=.%{BALANCER_WORKER_ROUTE}e`
  const isOurs = `env('BALANCER_NAME') == '${balancer.toLowerCase()}'`
  const isRenewed = affinity.expires !== null && affinity.expires !== 'max'
  return {
    value: [route, ...attributesOf(affinity, context)].join('; '),
    condition: `expr=${isRenewed ? '' : "env('BALANCER_ROUTE_CHANGED') == '1' && "}${isOurs}`,
    isNocache: affinity.nocache,
  }
}

export interface HeadersView {
  /** Expressions for header names that applications take for one that is set here. */
  readonly twins: readonly string[]
  readonly variables: ClientView['variables']
  readonly requests: ClientView['requests']
  readonly cookies: readonly CookieView[]
}

/** A header without a value is removed. */
const ownHeader = (
  { name, text, path }: Header,
  place: HostPlace,
  context: Context,
): HeadersView['requests'] => {
  if (text.length === 0) return [unset(name)]
  if (variablesOf(text).length > 0) {
    const value = set(name, `expr=${requestExpression(text, path, place, context)}`)
    const isEmpty = `expr=-z req('${name.replaceAll("'", "\\'")}')`
    return canBeEmpty(text) ? [value, unset(name, isEmpty)] : [value]
  }
  const value = literalsOf(text).join('')
  if (value.startsWith('expr=')) {
    report(
      context.findings,
      'httpd-header',
      atValue(path),
      'httpd evaluates a value that begins with "expr=" as an expression',
      'remove "expr=" from the beginning of the value',
    )
  }
  return [set(name, headerText(literal(value, path, context)))]
}

/** The headers of a location. Those of the client are removed first. */
export const locationHeaders = (
  { action, headers }: Location,
  place: HostPlace,
  context: Context,
): HeadersView['requests'] => {
  if (action.kind !== 'proxy') {
    for (const { path } of headers)
      withoutEffect(context.findings, path, 'httpd', 'this location is not proxied')
    return []
  }
  return headers.flatMap((header) => [unset(header.name), ...ownHeader(header, place, context)])
}

const upstreamsOf = ({ locations }: Frontend): readonly Upstream[] => [
  ...new Set(locations.flatMap(({ action }) => (action.kind === 'proxy' ? [action.upstream] : []))),
]

export const headersOf = (place: HostPlace, context: Context): HeadersView => {
  const { frontend, scheme } = place
  const own = specifiedHeaders(frontend)
  const { variables, requests } = clientView(frontend, scheme)
  context.modules.add('headers').add('setenvif').add('alias')
  const all = [
    ...requests.filter(({ name }) => !own.has(name.toLowerCase())),
    ...frontend.headers.flatMap((header) => ownHeader(header, place, context)),
  ]
  const replaced = new Set(all.flatMap(({ name, isSet }) => (isSet ? [name] : [])))
  const ofLocations = frontend.locations.flatMap(({ headers }) => headers)
  const twins = new Set([...all, ...ofLocations].flatMap(({ name }) => headerAliases(name) ?? []))
  return {
    twins: [...twins].map((twin) => `^${twin}$`),
    variables: [...variables, ...storedVariables(frontend)],
    // A header that the client sent keeps its place, and an application may take the last of its twins.
    requests: [...[...replaced].map((name) => unset(name)), ...all],
    cookies: upstreamsOf(frontend).flatMap(
      (upstream) => cookieOf(upstream, balancerUrl(upstream), context) ?? [],
    ),
  }
}
