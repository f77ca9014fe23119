import type { Findings } from '../../diagnostics/findings.ts'
import type { SpringApp } from '../../model/app.ts'
import { lifetimeOf } from '../../model/sessions.ts'
import { reportText } from './secrets.ts'

const flag = (value: boolean | null): string | null => (value === null ? null : String(value))

/** The properties of the session cookie and the lifetime, which Spring Session reads too. */
export const cookieProperties = (
  { cookie, sessions }: SpringApp,
  findings: Findings,
): readonly (readonly [key: string, value: string | null])[] => {
  const { name, path, domain, sameSite, secure, httpOnly, specPath } = cookie
  const lifetimeMs = lifetimeOf(sessions)
  reportText(path, [...specPath, 'path'], findings)
  const properties: readonly (readonly [string, string | null])[] = [
    ['cookie.name', name],
    ['cookie.path', path],
    ['cookie.domain', domain],
    ['cookie.same-site', sameSite],
    ['cookie.secure', flag(secure)],
    ['cookie.http-only', flag(httpOnly)],
    ['timeout', lifetimeMs === null ? null : `${Math.ceil(lifetimeMs / 1000)}s`],
  ]
  return properties.map(([key, value]) => [`server.servlet.session.${key}`, value] as const)
}
