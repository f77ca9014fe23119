import { atValue } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import type { TomcatApp } from '../../model/app.ts'
import type { Frontend } from '../../model/cluster.ts'
import { mayBeHttps } from '../../model/may-be-https.ts'
import { report } from './codes.ts'
import { features, hasSince, namesPatch } from './release.ts'
import type { Attribute } from './xml/write.ts'

/** The session cookie, as attributes of XML elements. */
export interface Cookies {
  readonly context: readonly Attribute[]
  /** Empty: no CookieProcessor is needed. */
  readonly processor: readonly Attribute[]
}

const reportSameSite = (
  app: TomcatApp,
  frontends: readonly Frontend[],
  findings: Findings,
): void => {
  const { sameSite, specPath } = app.cookie
  if (sameSite === null) return
  const at = atValue([...specPath, 'sameSite'])
  const since = sameSite === 'none' ? features.sameSiteNone : features.sameSite
  if (!hasSince(app.version, since)) {
    const first = Object.values(since).join(', ')
    const message = `Tomcat ${app.version.text} cannot send SameSite=${sameSite}`
    const help = namesPatch(app.version)
      ? `remove sameSite, or update Tomcat to ${first} or later`
      : `set the full version, such as "${app.version.text}.99": SameSite=${sameSite} requires ${first}`
    report(findings, 'tomcat-same-site', at, message, help)
    return
  }
  if (sameSite !== 'none' || frontends.some(mayBeHttps)) return
  report(
    findings,
    'tomcat-same-site-insecure',
    at,
    'browsers reject a cookie with SameSite=None that is not sent over TLS, and no frontend uses TLS',
    'add a listener with tls, or clientAddress if another proxy terminates TLS; or write sameSite: lax',
  )
}

/** Labels of letters, digits and inner hyphens (Rfc6265CookieProcessor.validateDomain). */
const validDomain = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i

const domainOf = ({ cookie, version }: TomcatApp, findings: Findings): string | null => {
  const { domain, specPath } = cookie
  if (domain === null) return null
  const at = atValue([...specPath, 'domain'])
  const bare = domain.replace(/^\./, '')
  if (!validDomain.test(bare)) {
    const message = `Tomcat rejects the cookie domain "${domain}"`
    report(
      findings,
      'tomcat-cookie-domain',
      at,
      message,
      'write a domain such as "shop.example.com"',
    )
    return null
  }
  if (bare === domain || !hasSince(version, features.rfc6265Cookies)) return domain
  const message = `the cookie domain is written as "${bare}", which has the same meaning as "${domain}"`
  report(findings, 'tomcat-cookie-dot', at, message, null)
  return bare
}

/**
 * Rfc6265CookieProcessor.validatePath rejects other characters, and `;`, which the spec does not
 * accept. Tomcat replaces `${…}` with a system property.
 */
const validPath = /^(?!.*\$\{)[\x20-\x7e]*$/

const pathOf = ({ cookie }: TomcatApp, findings: Findings): string | null => {
  const { path, specPath } = cookie
  if (path === null || validPath.test(path)) return path
  report(
    findings,
    'tomcat-cookie-path',
    atValue([...specPath, 'path']),
    `"${path}" contains characters that are not allowed in a cookie path`,
    'write them percent-encoded',
  )
  return null
}

export const cookiesOf = (
  app: TomcatApp,
  frontends: readonly Frontend[],
  findings: Findings,
): Cookies => {
  const { name, sameSite, httpOnly } = app.cookie
  reportSameSite(app, frontends, findings)
  const context: readonly (readonly [string, string | null])[] = [
    ['sessionCookieName', name],
    ['sessionCookiePath', pathOf(app, findings)],
    ['sessionCookieDomain', domainOf(app, findings)],
    ['useHttpOnly', httpOnly === null ? null : String(httpOnly)],
  ]
  return {
    context: context.flatMap(([key, value]) => (value === null ? [] : [[key, value] as const])),
    processor: sameSite === null ? [] : [['sameSiteCookies', sameSite]],
  }
}
