import { atValue, type Diagnostic, type SpecPath } from '../../diagnostics/diagnostic.ts'
import type { Upstream } from '../../model/cluster.ts'
import { sessionCookieOf } from '../../model/session-cookie.ts'
import { type Way, waysTo } from '../browser-cookies.ts'
import { report } from '../codes.ts'
import { coverageOf } from '../host-names.ts'
import { canMatchBelow, isBelow, matchesOnlyBelow } from '../paths.ts'
import type { ListingRule } from '../rule.ts'

/** What the spec says of a cookie, with the places of its attributes. */
interface Written {
  readonly name: string
  readonly nameAt: SpecPath
  readonly domain: string | null
  /** null: the application's own choice. */
  readonly path: string | null
  /** null: the application decides with each request. */
  readonly isSecure: boolean | null
  /** Of the attributes. */
  readonly at: SpecPath
}

const writtenOf = ({ affinity, app }: Upstream): readonly Written[] => {
  const found: Written[] = []
  if (affinity.method === 'sticky' && affinity.by === 'cookie' && affinity.mode === 'insert') {
    const { cookie: name, cookiePath: path, domain, path: at, secure: isSecure } = affinity
    found.push({ name, nameAt: [...at, 'cookie'], domain, path, isSecure, at })
  }
  if (app.runtime === 'tomcat') {
    const { domain, path, specPath: at } = app.cookie
    const name = sessionCookieOf(app) ?? ''
    found.push({ name, nameAt: [...at, 'name'], domain, path, isSecure: null, at })
  }
  return found
}

const quoted = (words: readonly string[]): string =>
  [...new Set(words)].map((word) => `"${word}"`).join(', ')

const domainProblem = (cookie: Written, ways: readonly Way[]): readonly Diagnostic[] => {
  const { name, domain, at } = cookie
  if (domain === null) return []
  const frontends = [...new Set(ways.map(({ frontend }) => frontend))]
  const names = frontends.flatMap(({ serverNames }) => serverNames)
  const outside = names.filter((each) => ['none', 'some'].includes(coverageOf(each, domain)))
  if (outside.length === 0) return []
  const hasOther = frontends.some(({ serverNames }) => serverNames.length === 0)
  const isNowhere = !hasOther && names.every((each) => coverageOf(each, domain) === 'none')
  const message = isNowhere
    ? `browsers refuse the cookie ${name}: its domain "${domain}" covers none of the hosts ${quoted(names)}`
    : `browsers refuse the cookie ${name} from ${quoted(outside)}, which its domain "${domain}" does not cover`
  const help = 'leave domain out, so that the cookie is for the host that set it'
  return [
    report(
      isNowhere ? 'cookie-lost' : 'cookie-partly-lost',
      atValue([...at, 'domain']),
      message,
      help,
    ),
  ]
}

const pathProblem = (
  { name, path, at }: Written,
  { app }: Upstream,
  ways: readonly Way[],
): readonly Diagnostic[] => {
  if (path === null || ways.length === 0) return []
  // Elsewhere Tomcat answers 404, whoever asks.
  const context = app.runtime === 'tomcat' ? app.context : null
  if (context !== null && isBelow(context, path)) return []
  const outside = ways.filter(({ match }) => !matchesOnlyBelow(match, path))
  if (outside.length === 0) return []
  const isNowhere = ways.every(({ match }) => !canMatchBelow(match, path))
  const patterns = quoted(outside.map(({ match }) => match.pattern))
  const message = isNowhere
    ? `browsers never send the cookie ${name}: no request of ${patterns} is below its path "${path}"`
    : `browsers do not send the cookie ${name} with all requests of ${patterns}: its path is "${path}"`
  return [
    report(
      isNowhere ? 'cookie-lost' : 'cookie-partly-lost',
      atValue([...at, 'path']),
      message,
      'write path: /',
    ),
  ]
}

/** Browsers refuse such names without the attributes that they promise. */
const prefixProblem = ({
  name,
  nameAt,
  domain,
  path,
  isSecure,
}: Written): readonly Diagnostic[] => {
  const [prefix] = /^__(?:host|secure)-/i.exec(name) ?? []
  if (prefix === undefined) return []
  const isHost = prefix.toLowerCase() === '__host-'
  const wants = [
    ...(isSecure === false ? ['secure: true'] : []),
    ...(isHost && domain !== null ? ['no domain'] : []),
    ...(isHost && path !== null && path !== '/' ? ['path: /'] : []),
  ]
  if (wants.length === 0) return []
  const message = `browsers refuse the cookie ${name}: a name with ${prefix} needs ${wants.join(' and ')}`
  const help = `write ${wants.join(' and ')}, or another name`
  return [report('cookie-lost', atValue(nameAt), message, help)]
}

/** Domain, path and name of a cookie against every host and path that leads to its upstream. */
export const cookieScope: ListingRule = (cluster) => {
  const ways = waysTo(cluster)
  return cluster.upstreams.flatMap((upstream) => {
    const own = ways.get(upstream) ?? []
    return writtenOf(upstream).flatMap((cookie) => [
      ...prefixProblem(cookie),
      ...domainProblem(cookie, own),
      ...pathProblem(cookie, upstream, own),
    ])
  })
}
