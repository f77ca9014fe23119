import { atValue, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { TomcatApp } from '../../model/app.ts'
import type { Frontend } from '../../model/cluster.ts'
import { mayBeHttps } from '../../model/may-be-https.ts'
import { report } from './codes.ts'
import { features, hasSince, namesPatch } from './release.ts'
import type { Attribute } from './xml/write.ts'

export interface Cookies {
  /** Of the Context itself. */
  readonly context: readonly Attribute[]
  /** Of its CookieProcessor; empty: none needed. */
  readonly processor: readonly Attribute[]
  readonly diagnostics: readonly Diagnostic[]
}

const sameSiteProblems = (
  app: TomcatApp,
  frontends: readonly Frontend[],
): readonly Diagnostic[] => {
  const { sameSite, specPath } = app.cookie
  if (sameSite === null) return []
  const at = atValue([...specPath, 'sameSite'])
  const since = sameSite === 'none' ? features.sameSiteNone : features.sameSite
  if (!hasSince(app.version, since)) {
    const first = Object.values(since).join(', ')
    const help = namesPatch(app.version)
      ? `leave sameSite out, or update to one of ${first}`
      : `name the patch release, such as "${app.version.text}.99": it came with ${first}`
    const message = `Tomcat ${app.version.text} cannot send SameSite=${sameSite}`
    return [report('tomcat-same-site', at, message, help)]
  }
  const hasTls = frontends.some(mayBeHttps)
  if (sameSite !== 'none' || hasTls) return []
  return [
    report(
      'tomcat-same-site-insecure',
      at,
      'browsers drop a cookie with SameSite=None that did not come over TLS, and no frontend has any',
      'add a listener with tls, or clientAddress when HTTPS ends in front; or write sameSite: lax',
    ),
  ]
}

/** Labels of letters, digits and inner hyphens (Rfc6265CookieProcessor.validateDomain). */
const domainPattern = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i

interface Domain {
  readonly value: string | null
  readonly diagnostics: readonly Diagnostic[]
}

const domainOf = ({ cookie, version }: TomcatApp): Domain => {
  const { domain, specPath } = cookie
  if (domain === null) return { value: null, diagnostics: [] }
  const at = atValue([...specPath, 'domain'])
  const bare = domain.replace(/^\./, '')
  if (!domainPattern.test(bare)) {
    const message = `"${domain}" is no domain that Tomcat would send`
    const help = 'write the domain as in "shop.example.com"'
    return { value: null, diagnostics: [report('tomcat-cookie-domain', at, message, help)] }
  }
  if (bare === domain || !hasSince(version, features.rfc6265Cookies))
    return { value: domain, diagnostics: [] }
  const message = `the cookie domain is written as "${bare}", which means the same as "${domain}"`
  return { value: bare, diagnostics: [report('tomcat-cookie-dot', at, message, null)] }
}

/**
 * Rfc6265CookieProcessor.validatePath, without the `;` that no spec can hold; and no `${`, which
 * Tomcat replaces by a system property wherever it reads XML.
 */
const isCookiePath = (path: string): boolean => /^(?!.*\$\{)[\x20-\x7e]*$/.test(path)

const pathProblems = ({ cookie }: TomcatApp): readonly Diagnostic[] =>
  cookie.path === null || isCookiePath(cookie.path)
    ? []
    : [
        report(
          'tomcat-cookie-path',
          atValue([...cookie.specPath, 'path']),
          `"${cookie.path}" has characters that no cookie path can have`,
          'write them percent-encoded, as browsers send them',
        ),
      ]

/** How the session cookie looks, as attributes of the context and its CookieProcessor. */
export const cookiesOf = (app: TomcatApp, frontends: readonly Frontend[]): Cookies => {
  const { name, path, sameSite, httpOnly } = app.cookie
  const domain = domainOf(app)
  const context: readonly (readonly [string, string | null])[] = [
    ['sessionCookieName', name],
    ['sessionCookiePath', path !== null && isCookiePath(path) ? path : null],
    ['sessionCookieDomain', domain.value],
    ['useHttpOnly', httpOnly === null ? null : String(httpOnly)],
  ]
  return {
    context: context.flatMap(([key, value]) => (value === null ? [] : [[key, value] as const])),
    processor: sameSite === null ? [] : [['sameSiteCookies', sameSite]],
    diagnostics: [...sameSiteProblems(app, frontends), ...domain.diagnostics, ...pathProblems(app)],
  }
}
