import { atValue } from '../../../diagnostics/diagnostic.ts'
import { notFollowed } from '../../../fields.ts'
import type { StickyCookieAffinity } from '../../../model/affinity.ts'
import type { Upstream } from '../../../model/cluster.ts'
import { regexText } from '../../regular-expressions.ts'
import { maxAgeAttributes, maxAgeOf, sameSiteAttributes } from '../../set-cookie.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'
import { checkCookieAge } from '../durations.ts'
import { formatText } from '../quote.ts'
import { cookieKeyOf } from '../resolvers.ts'
import {
  type AffinityView,
  type CookiePathView,
  type CookieView,
  noAffinity,
  refuseDown,
} from './view.ts'

const plain = (name: string, mode: CookieView['mode']): CookieView => ({
  name,
  mode,
  dynamicKey: null,
  isIndirect: false,
  isNocache: false,
  isHttpOnly: false,
  isSecure: false,
  domain: null,
  maxIdle: null,
  attributes: [],
})

/** The separator after the route in the value of the cookie: dates follow in an inserted cookie, the session id after a prefix. */
const separators = { insert: '|', rewrite: '|', prefix: '~' } as const

const withStrict = (cookie: CookieView, isStrict: boolean, upstream: Upstream): AffinityView => {
  const sample = `req.cook(${cookie.name}),field(1,${separators[cookie.mode]})`
  const strict = isStrict ? refuseDown(upstream, sample) : {}
  return { ...noAffinity, cookie, ...strict }
}

/** `cookie NAME prefix`: the application's cookie, with the route in front of its value. */
export const prefixCookie = (name: string, isStrict: boolean, upstream: Upstream): AffinityView =>
  withStrict(plain(name, 'prefix'), isStrict, upstream)

const checkExpires = (affinity: StickyCookieAffinity, context: Context): void => {
  const { expires, path } = affinity
  if (expires === null) return
  const at = [...path, 'expires']
  report(
    context.findings,
    'haproxy-cookie-expires',
    atValue(at),
    '"expires" uses attr "Max-Age=…"',
    null,
  )
  if (expires !== 'max') checkCookieAge(expires.ms, at, context)
}

/** HAProxy warns of a domain without a dot, which `attr` does not look at. */
const isPlainDomain = (domain: string | null): boolean => domain === null || domain.includes('.')

const inserted = (affinity: StickyCookieAffinity, context: Context): CookieView => {
  const { domain, expires } = affinity
  checkExpires(affinity, context)
  return {
    name: affinity.cookie,
    mode: 'insert',
    dynamicKey: null,
    isIndirect: affinity.indirect,
    isNocache: affinity.nocache,
    isHttpOnly: affinity.httpOnly,
    isSecure: affinity.secure,
    domain: isPlainDomain(domain) ? domain : null,
    maxIdle: expires === 'max' ? null : maxAgeOf(affinity),
    attributes: [
      ...(isPlainDomain(domain) ? [] : [`Domain=${domain}`]),
      ...maxAgeAttributes(affinity),
      ...sameSiteAttributes(affinity),
    ],
  }
}

const pathOf = (affinity: StickyCookieAffinity, { findings }: Context): CookiePathView | null => {
  const { cookie, cookiePath, path } = affinity
  if (cookiePath === '/') return null
  report(
    findings,
    'haproxy-cookie-path',
    atValue([...path, 'path']),
    `path=/ is replaced by path=${cookiePath} in the response`,
    null,
  )
  return {
    pattern: `^(${regexText(cookie)}=[^;]*; path=)/(;.*)?$`,
    format: `\\1${formatText(cookiePath)}\\2`,
  }
}

const ignoredAttributes = (affinity: StickyCookieAffinity): readonly string[] => {
  const given: Readonly<Record<string, boolean>> = {
    expires: affinity.expires !== null,
    domain: affinity.domain !== null,
    path: affinity.cookiePath !== '/',
    httpOnly: affinity.httpOnly,
    secure: affinity.secure,
    sameSite: affinity.sameSite !== null,
  }
  return Object.keys(given).filter((key) => given[key])
}

const noteHiding = (affinity: StickyCookieAffinity, { findings }: Context): void => {
  const { cookie, indirect, mode, nocache, path } = affinity
  const note = (key: string, why: string): void =>
    notFollowed(findings, [...path, key], 'HAProxy', why)
  if (mode === 'rewrite') {
    if (indirect) note('indirect', `the application sets the cookie "${cookie}" itself`)
    return
  }
  if (!indirect)
    note(
      'indirect',
      'with mode: prefix, HAProxy always removes the route before it sends the cookie to the application',
    )
  if (nocache) note('nocache', 'with mode: prefix, the application controls what caches may store')
}

export const stickyCookieView = (
  affinity: StickyCookieAffinity,
  upstream: Upstream,
  context: Context,
): AffinityView => {
  const { mode, nocache, path } = affinity
  const isStrict = affinity.onFailure === 'strict'
  const dynamicKey = cookieKeyOf(upstream, context)
  if (mode === 'insert') {
    const view = withStrict({ ...inserted(affinity, context), dynamicKey }, isStrict, upstream)
    return { ...view, cookiePath: pathOf(affinity, context) }
  }
  for (const key of ignoredAttributes(affinity)) {
    report(
      context.findings,
      'haproxy-cookie-attributes',
      atValue([...path, key]),
      `"${key}" has no effect with mode: ${mode}: the application sets the attributes of the cookie "${affinity.cookie}"`,
      `set ${key} in the application, or use mode: insert`,
    )
  }
  const isNocache = mode === 'rewrite' && nocache
  noteHiding(affinity, context)
  return withStrict({ ...plain(affinity.cookie, mode), dynamicKey, isNocache }, isStrict, upstream)
}
