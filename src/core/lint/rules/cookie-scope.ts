import { atValue, type SpecPath } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import type { Frontend, Upstream } from '../../model/cluster.ts'
import { mayBeHttps } from '../../model/may-be-https.ts'
import { sessionCookieOf } from '../../model/session-cookie.ts'
import { answersUnknownHosts } from '../../model/tls.ts'
import { locationsByUpstream, type ProxiedLocation } from '../browser-cookies.ts'
import { report } from '../codes.ts'
import { coverageOf } from '../host-names.ts'
import { canMatchBelow, isBelow, matchAtServers, matchesOnlyBelow } from '../paths.ts'
import type { Rule } from '../rule.ts'

/** A cookie as the spec defines it. */
interface SpecifiedCookie {
  readonly name: string
  readonly nameAt: SpecPath
  readonly domain: string | null
  /** null: the application chooses it. */
  readonly path: string | null
  /** null: the application decides with each request. */
  readonly isSecure: boolean | null
  /** Its path is one of the application, which does not know the paths of clients. */
  readonly isOfApp: boolean
  /** Of the attributes. */
  readonly at: SpecPath
}

const cookiesIn = ({ affinity, app }: Upstream): readonly SpecifiedCookie[] => {
  const found: SpecifiedCookie[] = []
  if (affinity.method === 'sticky' && affinity.by === 'cookie' && affinity.mode === 'insert') {
    const { cookie: name, cookiePath: path, domain, path: at, secure: isSecure } = affinity
    found.push({ name, nameAt: [...at, 'cookie'], domain, path, isSecure, isOfApp: false, at })
  }
  const name = sessionCookieOf(app)
  if (app.runtime !== 'none' && name !== null) {
    const { domain, path, secure, specPath: at } = app.cookie
    found.push({ name, nameAt: [...at, 'name'], domain, path, isSecure: secure, isOfApp: true, at })
  }
  return found
}

const quoted = (words: readonly string[]): string =>
  [...new Set(words)].map((word) => `"${word}"`).join(', ')

/** Browsers reject names with `__Host-` or `__Secure-` without the attributes that these require. */
const checkPrefix = (cookie: SpecifiedCookie, findings: Findings): void => {
  const { name, nameAt, domain, path, isSecure } = cookie
  const [prefix] = /^__(?:host|secure)-/i.exec(name) ?? []
  if (prefix === undefined) return
  const isHost = prefix.toLowerCase() === '__host-'
  const required = [
    ...(isSecure === false ? [['secure: true', 'write secure: true']] : []),
    ...(isHost && domain !== null ? [['no domain', 'remove domain']] : []),
    ...(isHost && path !== null && path !== '/' ? [['path: /', 'write path: /']] : []),
  ]
  if (required.length === 0) return
  const attributes = required.map(([attribute]) => attribute).join(' and ')
  const remedies = required.map(([, remedy]) => remedy).join(' and ')
  const message = `browsers reject the cookie ${name}: a name with ${prefix} requires ${attributes}`
  const help = `${remedies}, or choose another name`
  report(findings, 'cookie-lost', atValue(nameAt), message, help)
}

const checkDomain = (
  { name, domain, at }: SpecifiedCookie,
  locations: readonly ProxiedLocation[],
  findings: Findings,
): void => {
  if (domain === null) return
  const frontends = [...new Set(locations.map(({ frontend }) => frontend))]
  const names = frontends.flatMap(({ serverNames }) => serverNames)
  const outside = names.filter((each) => ['none', 'some'].includes(coverageOf(each, domain)))
  if (outside.length === 0) return
  const hasOther = frontends.some(answersUnknownHosts)
  const isNowhere = !hasOther && names.every((each) => coverageOf(each, domain) === 'none')
  const message = isNowhere
    ? `browsers reject the cookie ${name}: its domain "${domain}" covers none of the hosts ${quoted(names)}`
    : `browsers reject the cookie ${name} on ${quoted(outside)}, which its domain "${domain}" does not cover`
  const help = 'leave domain out: the cookie is then valid for the host that sets it'
  const code = isNowhere ? 'cookie-lost' : 'cookie-partly-lost'
  report(findings, code, atValue([...at, 'domain']), message, help)
}

const checkPath = (
  { name, path, isOfApp, at }: SpecifiedCookie,
  { app }: Upstream,
  locations: readonly ProxiedLocation[],
  findings: Findings,
): void => {
  if (path === null || locations.length === 0) return
  // Outside its context Tomcat answers 404, with or without a cookie.
  const context = app.runtime === 'tomcat' ? app.context : null
  if (context !== null && isBelow(context, path)) return
  const matchOf = isOfApp ? matchAtServers : ({ match }: ProxiedLocation) => match
  const outside = locations.filter((each) => !matchesOnlyBelow(matchOf(each), path))
  if (outside.length === 0) return
  const isNowhere = locations.every((each) => !canMatchBelow(matchOf(each), path))
  const patterns = quoted(outside.map(({ match }) => match.pattern))
  const message = isNowhere
    ? `browsers never send the cookie ${name}: no request for ${patterns} is below its path "${path}"`
    : `browsers do not send the cookie ${name} with every request for ${patterns}: its path is "${path}"`
  const code = isNowhere ? 'cookie-lost' : 'cookie-partly-lost'
  report(findings, code, atValue([...at, 'path']), message, 'write path: /')
}

/** Name, domain and path of a cookie against every host and path that is proxied to its upstream. */
export const cookieScope: Rule = (cluster, findings) => {
  const byUpstream = locationsByUpstream(cluster)
  for (const upstream of cluster.upstreams) {
    const locations = byUpstream.get(upstream) ?? []
    for (const cookie of cookiesIn(upstream)) {
      checkPrefix(cookie, findings)
      checkDomain(cookie, locations, findings)
      checkPath(cookie, upstream, locations, findings)
    }
  }
}

/** Whether some requests are certainly proxied that come over HTTP. */
const receivesHttp = ({ clientAddress, listeners, toHttps }: Frontend): boolean =>
  clientAddress === null && toHttps === null && listeners.some(({ tls }) => tls === null)

/** Browsers reject SameSite=None without Secure, and keep and send Secure cookies over HTTPS only. */
export const affinityCookieDropped: Rule = (cluster, findings) => {
  const byUpstream = locationsByUpstream(cluster)
  for (const upstream of cluster.upstreams) {
    const { affinity } = upstream
    if (affinity.method !== 'sticky' || affinity.by !== 'cookie') continue
    const { cookie, path, sameSite, secure } = affinity
    const frontends = (byUpstream.get(upstream) ?? []).map(({ frontend }) => frontend)
    const hasHttps = frontends.length === 0 || frontends.some(mayBeHttps)
    const plain = frontends.find(receivesHttp)
    const addTls = 'add a listener with tls, or clientAddress if TLS ends at a proxy in front'
    const say = (key: string, message: string, help: string): void => {
      report(findings, 'affinity-cookie-dropped', atValue([...path, key]), message, help)
    }
    if (sameSite === 'none' && !secure) {
      const message = `browsers reject the cookie ${cookie}: SameSite=None requires Secure`
      const help = hasHttps ? 'write secure: true' : `write secure: true, and ${addTls}`
      say('sameSite', message, help)
    } else if (secure && plain !== undefined && !hasHttps) {
      const message = `browsers reject the cookie ${cookie}: it is Secure, and every listener uses HTTP`
      say('secure', message, addTls)
    } else if (secure && plain !== undefined) {
      const message = `HTTP requests to frontend "${plain.name}" carry no cookie ${cookie}: browsers send it over HTTPS only`
      say('secure', message, 'leave secure out, or serve this upstream over HTTPS only')
    }
  }
}
